import { makeClient } from '../../api/client/client.ts'
import { usage } from '../args.ts'
import { askSecret } from '../ask-secret.ts'
import { type Command, hubOptions } from '../command.ts'
import { hubUrl } from './reach/choose.ts'
import { loginsFile, readLogins, withLogin, writeLogins } from './reach/logins.ts'
import { projectIn } from './reach/project.ts'

export const command: Command = {
  usage: ['login URL', 'login URL < FILE'],
  about:
    'Remembers the token for a hub, typed or piped in, and the hub as that of the project here, if there is one.',
  options: { project: hubOptions['project'] ?? { value: 'DIR', short: null, help: '' } },
  most: 1,
  run: async (args, world) => {
    const [written] = args.words
    if (written === undefined) throw usage('log in where?', 'write `tandem login https://tandem.example.org`')
    const url = hubUrl(written)
    const isBare = url.startsWith('http://') && !/^http:\/\/(localhost|127\.|\[::1\])/.test(url)
    if (isBare) world.err(`${url} is not encrypted: whoever is on the way can read the token`)
    const token = await askSecret(world, `token for ${url}`)
    const me = await makeClient({ fetch, base: url, token, door: 'cli' }).call('GET /api/me')
    const project = projectIn(args, world)
    await writeLogins(world, withLogin(await readLogins(world), url, token, project))
    const place = project === null ? '' : ` for ${project}`
    if (args.has('json')) world.out(JSON.stringify({ url, me, project }))
    else
      world.out(
        `logged in to ${url}${place}: you are ${me.name}, who may ${mays[me.may]} (kept in ${loginsFile(world)})`,
      )
    return 0
  },
}

const mays = { everything: 'do everything', look: 'look' } as const
