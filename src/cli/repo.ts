import { type Args, usage } from './args.ts'
import { type Command, hubOptions } from './command.ts'
import { withHub } from './hubs/connect.ts'
import type { World } from './world.ts'

export const command: Command = {
  usage: ['repo new NAME', 'repo hook NAME'],
  about:
    'The repositories of tandem.ts. `new` writes the line, and says where to push; `hook` says what to enter at the ' +
    'forge that holds one, and how that goes.',
  options: hubOptions,
  most: 2,
  run: async (args, world) => {
    const [action = '', name] = args.words
    const act = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (act === undefined || name === undefined)
      throw usage('repo what?', 'write `tandem repo new NAME` or `tandem repo hook NAME`')
    return act(args, world, name)
  },
}

type Act = (args: Args, world: World, name: string) => Promise<number>

/** Each in a file of its own, loaded only when it is asked for. */
const actions: Readonly<Record<string, Act>> = {
  new: async (...words) => (await import('./repo-new.ts')).newRepoCommand(...words),
  hook: async (args, world, name) => {
    const { showHook } = await import('./repo-hook.ts')
    return withHub(args, world, ({ client }) => showHook(client, name, args, world))
  },
}
