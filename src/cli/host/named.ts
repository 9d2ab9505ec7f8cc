import type { HostConfig } from '../../config/config.ts'
import { type Args, usage } from '../args.ts'
import { projectNeeded } from '../hub/reach/project.ts'
import { meant } from '../meant.ts'
import type { World } from '../world.ts'

export type ReachedBySsh = HostConfig & Readonly<{ via: Extract<HostConfig['via'], { kind: 'ssh' }> }>

/** The hosts of tandem.ts by name. */
export async function hostsOf(args: Args, world: World): Promise<Readonly<Record<string, HostConfig>>> {
  const { loadConfig } = await import('../../config/reading/load.ts')
  const { config } = await loadConfig(projectNeeded(args, world))
  return config.hosts
}

export async function hostNamed(name: string, args: Args, world: World): Promise<HostConfig> {
  const hosts = await hostsOf(args, world)
  const host = Object.hasOwn(hosts, name) ? hosts[name] : undefined
  if (host !== undefined) return host
  const near = await meant(name, Object.keys(hosts))
  throw usage(
    `there is no host ${name} in tandem.ts`,
    near ?? `there are: ${Object.keys(hosts).join(', ') || 'none'}`,
  )
}

/** A host that is not this machine itself. */
export async function remoteHostNamed(name: string, args: Args, world: World): Promise<ReachedBySsh> {
  const host = await hostNamed(name, args, world)
  const { via } = host
  if (via.kind === 'ssh') return { ...host, via }
  throw usage(`${name} is this machine: it has no host key`, 'nothing has to be accepted or made ready')
}
