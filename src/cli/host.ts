import { type Args, usage } from './args.ts'
import { type Command, hubOptions, option } from './command.ts'
import { projectNeeded } from './hubs/project.ts'
import { meant } from './meant.ts'
import { paintFor } from './text/paint.ts'
import { cell, table } from './text/table.ts'
import type { World } from './world.ts'

export const command: Command = {
  usage: ['host accept NAME', 'host keys'],
  about:
    'Asks a host for its key and prints the line that pins it in tandem.ts; or lists which hosts are pinned.',
  options: { project: hubOptions['project'] ?? option('DIR', 'the folder of tandem.ts') },
  most: 2,
  run: async (args, world) => {
    const [action, name] = args.words
    if (action === 'keys') return listKeys(args, world)
    if (action === 'accept' && name !== undefined) return accept(name, args, world)
    throw usage('host what?', 'write `tandem host accept NAME` or `tandem host keys`')
  },
}

async function hostsOf(args: Args, world: World) {
  const { loadConfig } = await import('../config/load.ts')
  const { config } = await loadConfig(projectNeeded(args, world))
  return config.hosts
}

async function accept(name: string, args: Args, world: World): Promise<number> {
  const hosts = await hostsOf(args, world)
  const host = hosts[name]
  if (host === undefined) {
    const near = await meant(name, Object.keys(hosts))
    throw usage(
      `there is no host ${name} in tandem.ts`,
      near ?? `there are: ${Object.keys(hosts).join(', ')}`,
    )
  }
  const { via } = host
  if (via.kind === 'local')
    throw usage(`${name} is this machine: it has no host key`, 'nothing has to be accepted')
  const { learnHostKey } = await import('../remote/host-key.ts')
  const { key, fingerprint } = await learnHostKey(via.address, via.port)
  const isNew = via.hostKey === null
  const isSame = via.hostKey === key
  if (args.has('json')) {
    world.out(JSON.stringify({ host: name, key, fingerprint, pinned: via.hostKey }))
    return 0
  }
  const paint = paintFor(world.screen())
  if (isSame) world.out(`${paint.good('✓')} ${name} has the key that tandem.ts pins: ${fingerprint}`)
  else {
    if (!isNew)
      world.out(
        paint.bad(`${name} shows another key than tandem.ts pins. if nobody set it up anew, stop here`),
      )
    world.out(`${name} at ${via.address}:${via.port} shows ${paint.bold(fingerprint)}`)
    world.out(`compare it on the host itself: ssh-keygen -lf ${keyFileOf(key)}`)
    world.out(`then write this line at ${name} in tandem.ts:\n\n  hostKey: '${key}',`)
  }
  return 0
}

/** Where sshd keeps the public half of a key of this type. */
function keyFileOf(key: string): string {
  const type = key.startsWith('ecdsa-') ? 'ecdsa' : key.startsWith('ssh-rsa') ? 'rsa' : 'ed25519'
  return `/etc/ssh/ssh_host_${type}_key.pub`
}

async function listKeys(args: Args, world: World): Promise<number> {
  const hosts = Object.entries(await hostsOf(args, world))
  const keys = hosts.map(([name, { via }]) => ({
    host: name,
    key: via.kind === 'ssh' ? via.hostKey : null,
    via: via.kind,
  }))
  if (args.has('json')) world.out(JSON.stringify({ hosts: keys }))
  else {
    const rows = keys.map(({ host, key, via }) => [
      cell(host, 'bold'),
      via === 'local'
        ? cell('this machine', 'dim')
        : key === null
          ? cell('not accepted', 'care')
          : cell('pinned', 'good'),
      cell(key ?? (via === 'local' ? '' : `tandem host accept ${host}`), 'dim'),
    ])
    const screen = world.screen()
    world.out(
      table(['HOST', 'KEY', ''], rows, { columns: screen.columns, paint: paintFor(screen) }).join('\n'),
    )
  }
  return 0
}
