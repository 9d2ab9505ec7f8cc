import type { Client } from '../api/client.ts'
import { type Args, usage } from './args.ts'
import { choice, type Command, hubOptions, option } from './command.ts'
import { withHub } from './hubs/connect.ts'
import type { World } from './world.ts'

export const command: Command = {
  usage: ['metrics targets [--down]', 'metrics top [--limit N]'],
  about:
    'Who is asked for numbers, when they answered last, and why they did not. With --down only those that do not. ' +
    '`top` tells which metrics have the most series, who sends them, which label makes them many, and what was refused.',
  options: {
    down: choice('only those that are not up'),
    limit: option('N', 'how many, at most 100 (otherwise: 15)'),
    ...hubOptions,
  },
  most: 1,
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
  targets: async (...asked) => (await import('./metrics-targets.ts')).showTargets(...asked),
  top: async (...asked) => (await import('./metrics/top.ts')).showTop(...asked),
}
