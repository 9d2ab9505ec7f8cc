import { type Args, usage } from '../args.ts'
import { choice, type Command, hubOptions, option, whyOption } from '../command.ts'
import type { World } from '../world.ts'

export const command: Command = {
  usage: [
    'host add USER@ADDRESS [--name NAME] [--role ROLE …] [--group GROUP …] [--port N] [--identity FILE] [--yes]',
    'host bootstrap NAME|USER@ADDRESS [--user tandem] [--key FILE …] [--yes]',
    'host accept NAME [--yes | --print]',
    'host list',
    'host keys',
    'host remove NAME',
  ],
  about:
    'The hosts of tandem.ts. `add` learns the key of a host, tries the login and writes the line; `bootstrap` gives a ' +
    'bare Debian or Ubuntu a user for Tandem; `accept` pins the key that a host shows; `remove` takes the line out.',
  options: {
    name: option('NAME', 'what to call the host (otherwise: as it calls itself)'),
    role: option('ROLE', 'a role of the host; may be given again'),
    group: option('GROUP', 'a group of the host; may be given again'),
    port: option('N', 'the port of its sshd (otherwise: 22)'),
    identity: option('FILE', 'the private key to log in with (otherwise: your agent and ~/.ssh/config)'),
    sudo: option('HOW', 'free or password: how the user becomes root (otherwise: free)'),
    user: option('NAME', 'the user that bootstrap makes (otherwise: tandem)'),
    key: option('FILE', 'a public key that may log in as that user; may be given again (otherwise: yours)'),
    yes: choice('the fingerprint has been compared: do not ask'),
    print: choice('only print the line to write'),
    ...whyOption,
    ...hubOptions,
  },
  most: 2,
  run: async (args, world) => {
    const [action = '', what] = args.words
    const act = Object.hasOwn(actions, action) ? actions[action] : undefined
    const isAboutOne = action !== 'list' && action !== 'keys'
    if (act === undefined || isAboutOne !== (what !== undefined)) {
      throw usage(
        'host what?',
        'write `tandem host add USER@ADDRESS`, `host list`, or see `tandem help host`',
      )
    }
    return act(args, world, what ?? '')
  },
}

type Act = (args: Args, world: World, what: string) => Promise<number>

/** Each in a file of its own, loaded only when it is asked for. */
const actions: Readonly<Record<string, Act>> = {
  add: async (...words) => (await import('./add.ts')).addHostCommand(...words),
  bootstrap: async (...words) => (await import('./bootstrap.ts')).bootstrapCommand(...words),
  accept: async (...words) => (await import('./accept.ts')).acceptCommand(...words),
  list: async (args, world) => (await import('./list.ts')).listCommand(args, world),
  keys: async (args, world) => (await import('./list.ts')).keysCommand(args, world),
  remove: async (...words) => (await import('./remove.ts')).removeCommand(...words),
}
