import type { Client } from '../../api/client/client.ts'
import { type Args, usage } from '../args.ts'
import { choice, type Command, hubOptions, option } from '../command.ts'
import { withHub } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'

export const command: Command = {
  usage: [
    'metrics targets [--down]',
    'metrics top [--limit N]',
    "metrics delete 'SELECTOR' [--from TIME] [--to TIME] [--yes]",
    'metrics deletions',
    'metrics key new NAME',
    'metrics key list',
    'metrics key revoke ID',
  ],
  about:
    'Who is asked for numbers, when they answered last, and why they did not. With --down only those that do not. ' +
    '`top` tells which metrics have the most series, who sends them, which label makes them many, and what was refused. ' +
    '`delete` deletes the samples of series, of all times or of some, after it has shown which; `deletions` tells who has. ' +
    '`key` lets a program or a host send samples, and do nothing else; it is shown once, when it is made.',
  options: {
    down: choice('only those that are not up'),
    limit: option('N', 'how many, at most 100 (otherwise: 15)'),
    from: option('TIME', "with delete: only samples since then: 2h (ago), or '2026-11-27 09:30'"),
    to: option('TIME', 'with delete: only samples until then'),
    yes: choice('with delete: without being asked'),
    ...hubOptions,
  },
  most: 3,
  run: (args, world) => {
    const [action = ''] = args.words
    const act = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (act === undefined) throw usage('metrics what?', 'see `tandem help metrics`')
    return withHub(args, world, ({ client }) => act(client, args, world))
  },
}

type Act = (client: Client, args: Args, world: World) => Promise<number>

/** Each stands in a file of its own, loaded only when it is asked for. */
const actions: Readonly<Record<string, Act>> = {
  delete: async (...asked) => (await import('./delete.ts')).deleteCommand(...asked),
  deletions: async (...asked) => (await import('./deletions.ts')).showDeletions(...asked),
  key: async (...asked) => (await import('./key.ts')).keyCommand(...asked),
  targets: async (...asked) => (await import('./targets.ts')).showTargets(...asked),
  top: async (...asked) => (await import('./top.ts')).showTop(...asked),
}
