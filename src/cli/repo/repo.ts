import { type Args, usage } from '../args.ts'
import { type Command, hubOptions, option } from '../command.ts'
import { withHub } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'

export const command: Command = {
  usage: [
    'repo list',
    'repo show NAME',
    'repo log NAME [--ref REF] [--path PATH] [--limit N]',
    'repo commit NAME [COMMIT]',
    'repo clone-url NAME',
    'repo new NAME',
    'repo hook NAME',
  ],
  about:
    'The repositories of tandem.ts: their refs, their commits, and where to clone them. `commit` says how its jobs went, where it is live, and what it would do to hosts. `new` writes the line, and says where to push; `hook` says what to enter at the ' +
    'forge that holds one, and how that goes.',
  options: {
    ref: option('REF', 'a branch, tag or commit (otherwise: the branch that is shown first)'),
    path: option('PATH', 'only commits that touched it'),
    limit: option('N', 'how many commits, at most 200 (otherwise: 20)'),
    ...hubOptions,
  },
  most: 3,
  run: async (args, world) => {
    const [action = '', name, commit] = args.words
    if (action === 'list' && name === undefined) return list(args, world)
    const act = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (act === undefined || name === undefined || (commit !== undefined && action !== 'commit'))
      throw usage('repo what?', 'write `tandem repo list`, `tandem repo new NAME`, or see `tandem help repo`')
    return act(args, world, name)
  },
}

type Act = (args: Args, world: World, name: string) => Promise<number>

const list = (args: Args, world: World): Promise<number> =>
  withHub(args, world, async ({ client }) => (await import('./read.ts')).listRepos(client, args, world))

/** Asks the hub about one. */
const read =
  (what: 'showRepo' | 'logRepo' | 'cloneUrl'): Act =>
  (args, world, name) =>
    withHub(args, world, async ({ client }) => (await import('./read.ts'))[what](client, name, args, world))

/** Each in a file of its own, loaded only when it is asked for. */
const actions: Readonly<Record<string, Act>> = {
  show: read('showRepo'),
  log: read('logRepo'),
  commit: async (args, world, name) => {
    const { showCommit } = await import('./commit.ts')
    return withHub(args, world, ({ client }) => showCommit(client, name, args, world))
  },
  'clone-url': read('cloneUrl'),
  new: async (...words) => (await import('./new.ts')).newRepoCommand(...words),
  hook: async (args, world, name) => {
    const { showHook } = await import('./hook.ts')
    return withHub(args, world, ({ client }) => showHook(client, name, args, world))
  },
}
