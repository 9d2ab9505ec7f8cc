import type { Client } from '../api/client.ts'
import { type Args, usage } from './args.ts'
import { choice, type Command, hubOptions } from './command.ts'
import { withHub } from './hubs/connect.ts'
import type { World } from './world.ts'

export const command: Command = {
  usage: ['metrics targets [--down]'],
  about:
    'Who is asked for numbers, when they answered last, and why they did not. With --down only those that do not.',
  options: { down: choice('only those that are not up'), ...hubOptions },
  most: 1,
  run: (args, world) => {
    const [action = ''] = args.words
    const act = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (act === undefined)
      throw usage('metrics what?', 'write `tandem metrics targets`, or see `tandem help metrics`')
    return withHub(args, world, ({ client }) => act(client, args, world))
  },
}

type Act = (client: Client, args: Args, world: World) => Promise<number>

/** Each stands in a file of its own, loaded only when it is asked for. */
const actions: Readonly<Record<string, Act>> = {
  targets: async (...asked) => (await import('./metrics-targets.ts')).showTargets(...asked),
}
