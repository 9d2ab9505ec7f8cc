import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Args, usage } from '../args.ts'
import { follow } from '../follow/follow.ts'
import { lookAt, takeIn } from './add.ts'
import { type ReachedBySsh, remoteHostNamed } from './named.ts'
import { withOrdersAndConfig } from '../hub/reach/connect.ts'
import { projectNeeded, stateDirOf } from '../hub/reach/project.ts'
import { paintFor } from '../../words/paint.ts'
import type { World } from '../world.ts'

const usualUser = 'tandem'
const userName = /^[a-z_][a-z0-9_-]{0,31}$/
/** Packages may come over a slow line. */
const limitMs = 900_000

/** `tandem host bootstrap NAME`: a bare Debian or Ubuntu gets a user for Tandem, and tandem.ts logs in as that user. */
export async function bootstrapCommand(args: Args, world: World, what: string): Promise<number> {
  const user = args.text('user') ?? usualUser
  if (!userName.test(user) || user === 'root')
    throw usage(
      `--user ${user} cannot be the user of Tandem`,
      'give small letters, digits and dashes, not root',
    )
  const given = await Promise.all(args.texts('key').map((file) => publicKeyIn(file, world)))
  const name = what.includes('@') ? (await takeIn(args, world, what))?.host : what
  if (name === undefined) return 1
  const host = await remoteHostNamed(name, args, world)
  const keys = given.length > 0 ? given : [await ownKey(name, host, args, world)]
  const exit = await order(args, world, { name, user, keys })
  return exit === 0 ? await moveIn(args, world, { name, user, host }) : exit
}

/** A public key in a file: the line as it will stand in `authorized_keys`. */
async function publicKeyIn(file: string, world: World): Promise<string> {
  const { parseHostKey } = await import('../../remote/host-key.ts')
  const text = await readFile(resolve(world.cwd, file), 'utf8').catch(() => null)
  if (text === null)
    throw usage(
      `the key ${file} cannot be read`,
      'give the path of a public key, such as ~/.ssh/id_ed25519.pub',
    )
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const [line = ''] = lines
  if (lines.length === 1 && parseHostKey(line) !== null) return line.trim()
  const now = text.includes('PRIVATE KEY')
    ? `it is the private one: give ${file}.pub`
    : 'give a file with one line, ssh-ed25519 AAAA…'
  throw usage(`there is no public key in ${file}`, now)
}

async function ownKey(name: string, host: ReachedBySsh, args: Args, world: World): Promise<string> {
  const dir = projectNeeded(args, world)
  const [{ learnLoginKey }, { addressOf }] = await Promise.all([
    import('../../remote/login-key.ts'),
    import('../../config/config.ts'),
  ])
  return learnLoginKey(addressOf(name, host, dir), stateDirOf(dir))
}

type Job = Readonly<{ name: string; user: string; keys: readonly string[] }>

/** What is done on the host is a change like any other: it stands in the ledger, with every line that it said. */
async function order(args: Args, world: World, { name, user, keys }: Job): Promise<number> {
  const script = await readFile(join(import.meta.dirname, 'bring-up', 'bring-up.sh'), 'utf8')
  const command = ['sh', '-c', script, 'bring-up', user, ...keys]
  const why = args.text('why') ?? `bring up ${name} with the user ${user}`
  const body = { kind: 'apply', wish: { do: 'run', on: [name], command, limitMs }, why }
  const chatty = { ...args, has: (one: string) => ['plain', 'verbose'].includes(one) || args.has(one) }
  return withOrdersAndConfig(args, world, (connection) =>
    follow(
      connection,
      async () => (await connection.client.call('POST /api/changes', { body })).id,
      chatty,
      world,
    ),
  )
}

type Move = Readonly<{ name: string; user: string; host: ReachedBySsh }>

/** Nothing is written before the new user has logged in and become root. */
async function moveIn(args: Args, world: World, { name, user, host }: Move): Promise<number> {
  const dir = projectNeeded(args, world)
  const [{ addressOf }, { alterHost }] = await Promise.all([
    import('../../config/config.ts'),
    import('../../config/edit/add-host.ts'),
  ])
  const via = { ...host.via, user, sudo: 'free' as const }
  await lookAt(addressOf(name, { ...host, via }, dir), { stateDir: stateDirOf(dir), world, script: ':\n' })
  const say = (line: string): void => (args.has('json') ? world.err(line) : world.out(line))
  const good = paintFor(world.screen()).good('✓')
  say(`${good} ${user} logs in at ${name} and becomes root without a password`)
  if (host.via.user !== user || host.via.sudo !== 'free') {
    const address = via.address.includes(':') ? `[${via.address}]` : via.address
    const file = await alterHost(dir, name, { address: `${user}@${address}`, sudo: null })
    say(`${good} ${name} is reached as ${user} in ${file}: commit it. ${host.via.user} is as before`)
  }
  say(`next: tandem plan ${name}`)
  return 0
}
