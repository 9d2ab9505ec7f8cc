import { TroubleError } from '../../change/trouble.ts'
import { meant } from '../../../sdk/flag/mistake.ts'
import type { Flag } from '../../../sdk/flag/flag.ts'
import type { Environment } from '../environment.ts'

/** The flag with this key. Throws a TroubleError where there is none. */
export function flagIn(environment: Environment, key: string): Flag {
  const flag = environment.flag(key)
  if (flag !== undefined) return flag
  throw new TroubleError({
    what: `there is no flag '${key.slice(0, 80)}' in ${environment.name}`,
    now: meant(key, environment.keys('flags')),
  })
}
