import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import type { Service } from '../../config/repo/repo.ts'
import { givenPlace, type Sandbox } from './sandbox.ts'

type Wanted = Readonly<{ pack: string; isThere: (usr: string) => boolean }>

/** Debian's packages of the services, and how it is seen that they are there. A sandbox sees what lies in `/usr`. */
const wanted: Readonly<Record<Service, Wanted>> = {
  postgres: {
    pack: 'postgresql',
    isThere: (usr) =>
      versionsIn(join(usr, 'lib/postgresql')).some((bin) => existsSync(join(bin, 'bin/initdb'))),
  },
  redis: { pack: 'redis-server', isThere: (usr) => existsSync(join(usr, 'bin/redis-server')) },
}

/** Throws a trouble that says what has to be installed before jobs can have these services here. */
export function requireServices(
  services: readonly Service[],
  { where, network }: Readonly<{ where: string; network: Sandbox['network'] }>,
  usr = '/usr',
): void {
  const [first] = services
  if (first === undefined) return
  if (network === 'shared') {
    throw new TroubleError({
      what: `the job wants ${first} and the network, and would meet others on the loopback of this machine`,
      where,
      now: '`apt-get install slirp4netns`, which gives it a network of its own, or take `network` out',
    })
  }
  const missing = services.filter((service) => !wanted[service].isThere(usr))
  if (missing.length === 0) return
  const packs = missing.map((service) => wanted[service].pack).join(' ')
  throw new TroubleError({
    what: `the job wants ${missing.join(' and ')}, and this machine has no package of it`,
    where,
    now: `\`apt-get install ${packs}\`, and run it again`,
  })
}

/** The scripts that every job begins with. */
export const ourScripts = (network: Sandbox['network']): Sandbox['given'] =>
  (network === 'own' ? ['job.sh', 'network.sh'] : ['job.sh']).map((name) => ({
    from: join(import.meta.dirname, name),
    to: `${givenPlace}/${name}`,
  }))

/** The scripts that start services in a sandbox. */
export const serviceScripts = (services: readonly Service[]): Sandbox['given'] =>
  services.map((service) => ({
    from: join(import.meta.dirname, 'services', `${service}.sh`),
    to: `${givenPlace}/${service}.sh`,
  }))

function versionsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((version) => join(folder, version))
  } catch {
    return []
  }
}
