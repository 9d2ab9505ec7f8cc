import { usage } from '../args.ts'
import type { Command } from '../command.ts'
import { hubUrl } from './reach/choose.ts'
import { readLogins, withoutLogin, writeLogins } from './reach/logins.ts'
import { projectIn } from './reach/project.ts'

export const command: Command = {
  usage: ['logout [URL]'],
  about:
    'Forgets the token for a hub (otherwise: that of the project here). It stays good: see `tandem token revoke`.',
  options: {},
  most: 1,
  run: async (args, world) => {
    const logins = await readLogins(world)
    const project = projectIn(args, world)
    const [written] = args.words
    const own = project === null ? undefined : logins.projects[project]
    const url = written === undefined ? own : hubUrl(written)
    if (url === undefined || logins.tokens[url] === undefined) {
      const urls = Object.keys(logins.tokens)
      const known =
        urls.length === 0 ? 'you are logged in nowhere' : `you are logged in to ${urls.join(', ')}`
      throw usage(url === undefined ? 'log out of which hub?' : `you are not logged in to ${url}`, known)
    }
    await writeLogins(world, withoutLogin(logins, url))
    world.out(args.has('json') ? JSON.stringify({ url }) : `logged out of ${url}`)
    return 0
  },
}
