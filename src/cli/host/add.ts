import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { HostText } from '../../config/edit/add-host.ts'
import type { HostAddress } from '../../remote/remote.ts'
import { type Args, numberIn, usage } from '../args.ts'
import { isCompared, showKey } from './key-shown.ts'
import { hostsOf } from './named.ts'
import { projectNeeded, stateDirOf } from '../hub/reach/project.ts'
import { sudoPasswordsIfAsked } from './sudo-passwords.ts'
import { paintFor } from '../../words/paint.ts'
import type { World } from '../world.ts'

/** `tandem host add USER@ADDRESS`: from an address to a host in tandem.ts that lets us in. */
export async function addHostCommand(args: Args, world: World, address: string): Promise<number> {
  const added = await takeIn(args, world, address)
  if (added === null) return 1
  if (args.has('json')) world.out(JSON.stringify(added))
  else
    world.out(
      `next: tandem plan ${added.host}, or \`tandem host bootstrap ${added.host}\` for a user of its own there`,
    )
  return 0
}

export type Added = Readonly<{
  host: string
  address: string
  key: string
  fingerprint: string
  file: string
}>

/** Writes a host into tandem.ts once it has let us in; `null` when its key was not agreed to. */
export async function takeIn(args: Args, world: World, address: string): Promise<Added | null> {
  const dir = projectNeeded(args, world)
  const [{ addHost, checkHost }, { addressOf }, { learnHostKey }] = await Promise.all([
    import('../../config/edit/add-host.ts'),
    import('../../config/config.ts'),
    import('../../remote/host-key.ts'),
  ])
  const wish = hostText(args, world, address)
  // A name of its own that nobody has, until the host has told what it is called.
  const called = args.text('name') ?? 'the-new-host'
  const host = await checkHost(dir, called, wish)
  const { via } = host
  if (via.kind !== 'ssh') throw new Error('a host with an address is reached by ssh')
  await refuseKnown(args, world, via)
  const say = (line: string): void => (args.has('json') ? world.err(line) : world.out(line))
  const learnt = await learnHostKey(via.address, via.port)
  showKey({ ...world, out: say }, `${via.address}:${via.port}`, learnt)
  if (!(await isCompared(args, world, via.address))) {
    world.err('nothing was written, and nobody has logged in')
    return null
  }
  const at = addressOf(
    args.text('name') ?? via.address,
    { ...host, via: { ...via, hostKey: learnt.key } },
    dir,
  )
  const met = await meet(at, stateDirOf(dir), world)
  const name = args.text('name') ?? nameFor(met.hostname)
  const file = await addHost(dir, name, { ...wish, hostKey: learnt.key })
  const good = paintFor(world.screen()).good('✓')
  say(`${good} ${via.user} logs in there and becomes root: ${met.hostname}, ${met.system}`)
  say(`${good} ${name} is in ${file}: commit it`)
  return { host: name, address, ...learnt, file }
}

function hostText(args: Args, world: World, address: string): HostText {
  const port =
    args.text('port') === null ? null : numberIn(args, 'port', { least: 1, most: 65_535, otherwise: 22 })
  const [roles, groups] = [args.texts('role'), args.texts('group')]
  const [identityFile, sudo] = [args.text('identity'), args.text('sudo')]
  if (sudo !== null && sudo !== 'free' && sudo !== 'password')
    throw usage(`--sudo ${sudo} is none it knows`, 'give free or password')
  return {
    address,
    ...(port === null ? {} : { port }),
    ...(roles.length === 0 ? {} : { roles }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(sudo === null ? {} : { sudo }),
    ...(identityFile === null ? {} : { identityFile: identityText(identityFile, world) }),
  }
}

/** As it is good for others too: paths in tandem.ts begin at its folder, or at the home of who reads it. */
function identityText(file: string, { cwd, home }: World): string {
  const path = file.startsWith('~/') ? join(home, file.slice(2)) : resolve(cwd, file)
  if (!existsSync(path)) throw usage(`there is no key in ${file}`, 'give the path of a private key')
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}

/** Two names for one machine would be changed by two applies at once. */
async function refuseKnown(
  args: Args,
  world: World,
  at: Readonly<{ address: string; port: number }>,
): Promise<void> {
  for (const [name, { via }] of Object.entries(await hostsOf(args, world))) {
    if (via.kind !== 'ssh' || via.address !== at.address || via.port !== at.port) continue
    throw usage(`${at.address}:${at.port} is in tandem.ts already: ${name}`, `see \`tandem host list\``)
  }
}

const meetLimitMs = 30_000
const script = 'uname -n; . /etc/os-release; printf "%s\\n" "${PRETTY_NAME:-an unknown system}"\n'

/** Logs in once and becomes root. Throws a TroubleError that says what is in the way. */
async function meet(
  host: HostAddress,
  stateDir: string,
  world: World,
): Promise<Readonly<{ hostname: string; system: string }>> {
  const { lines } = await lookAt(host, { stateDir, world, script })
  const [hostname = host.name, system = 'an unknown system'] = lines
  return { hostname, system }
}

type Look = Readonly<{ stateDir: string; world: World; script: string }>

/** Runs a look as root over a connection of its own. */
export async function lookAt(host: HostAddress, { stateDir, world, script: text }: Look) {
  const [{ openRemote }, { runToEnd }, { TroubleError }] = await Promise.all([
    import('../../remote/open.ts'),
    import('../../remote/run-to-end.ts'),
    import('../../change/trouble.ts'),
  ])
  const given = world.env['TANDEM_SUDO_PASSWORD']
  const asked = sudoPasswordsIfAsked(world)
  const sudoPassword = async (at: HostAddress): Promise<string> => {
    if (given !== undefined) return given
    if (asked !== null) return asked(at)
    throw usage(`sudo on ${at.name} wants a password`, 'give it in TANDEM_SUDO_PASSWORD')
  }
  const remote = openRemote({ stateDir, sudoPassword })
  try {
    const id = `look-${process.pid}-${world.now()}`
    const { lines, ending } = await runToEnd(
      remote.look(host, {
        id,
        script: text,
        frames: [],
        limitMs: meetLimitMs,
        secrets: [],
        leavesNothing: false,
      }),
    )
    if (ending.type === 'exited' && ending.code === 0) return { lines }
    throw new TroubleError({
      what: `${host.name} lets us in, and a look around ended badly (${ending.type})`,
      host: host.name,
      now: 'log in there by hand and see',
      tail: lines.slice(-5),
    })
  } finally {
    await remote.close()
  }
}

/** A name that tandem.ts allows, out of what a host calls itself. */
export function nameFor(hostname: string): string {
  const [first = ''] = hostname.toLowerCase().split('.')
  const name = first
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
  if (name !== '' && name !== 'localhost') return name
  throw usage(`the host calls itself '${hostname}'`, 'say what to call it: --name NAME')
}
