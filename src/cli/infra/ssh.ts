import { usage } from '../args.ts'
import { type Command, hubOptions, option } from '../command.ts'
import { projectNeeded, stateDirOf } from '../hub/reach/project.ts'

export const command: Command = {
  usage: ['ssh HOST [-- COMMAND [ARGUMENT …]]'],
  about:
    'Opens a session at a host, with the user and the pinned key that tandem.ts names. It is yours, from this machine: ' +
    'for what others should know of there is `tandem run`.',
  options: { project: hubOptions['project'] ?? option('DIR', 'the folder of tandem.ts') },
  most: 1_000,
  run: async (args, world) => {
    const [name, ...words] = args.words
    if (name === undefined) throw usage('to which host?', 'write `tandem ssh HOST`')
    const dir = projectNeeded(args, world)
    const [{ loadConfig }, { addressOf }, { findHost }, { logIn }] = await Promise.all([
      import('../../config/reading/load.ts'),
      import('../../config/config.ts'),
      import('../../config/find.ts'),
      import('../../remote/log-in.ts'),
    ])
    const { config } = await loadConfig(dir)
    const host = addressOf(name, findHost(config, name), dir)
    return logIn(host, stateDirOf(dir), words)
  },
}
