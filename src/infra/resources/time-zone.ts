import type { z } from 'zod'
import { nearest } from '../../config/mistakes/nearest.ts'
import { meaningful } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { fileThing, neededPackage, plain } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import { options } from './words.ts'

const shape = options({}, '')

/** The time zone of the host. Programs that run already go on with the one they began with. */
export const timeZone: ResourceSort<z.output<typeof shape>> = {
  type: 'timeZone',
  name: meaningful(
    "a time zone, such as 'Europe/Paris'",
    (written) => (isZone(written) ? written : null),
    meant,
  ),
  options: shape,
  lower({ id, name }) {
    return Promise.resolve([
      neededPackage('tzdata', id),
      pathThing('/etc/localtime', { type: 'link', to: `/usr/share/zoneinfo/${name}` }),
      fileThing({ path: '/etc/timezone', content: plain(`${name}\n`) }),
    ])
  },
}

/** Names that Debian has and the list of JavaScript leaves out. */
const others = ['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT']
const zones = (): readonly string[] => [...Intl.supportedValuesOf('timeZone'), ...others]

/** An older name (`US/Eastern`) is known to JavaScript as well, but so is `europe/paris`, which is no file. */
function isZone(written: string): boolean {
  const known = zones()
  if (known.includes(written)) return true
  if (known.some((zone) => zone.toLowerCase() === written.toLowerCase())) return false
  return /^[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z_-]+)+$/.test(written) && isAccepted(written)
}

function isAccepted(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function meant(found: unknown): string {
  const near = typeof found === 'string' ? nearest(found, zones()) : null
  return near === null ? 'look into /usr/share/zoneinfo for the names' : `did you mean '${near}'?`
}
