import type { z } from 'zod'
import { TroubleError } from '../../change/trouble.ts'
import { text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import type { PackageThing } from '../things/thing.ts'
import { all, onlyWithout } from './rules.ts'
import { shownPlace } from '../recipe/refuse.ts'
import { options, understood, yes } from './words.ts'

/** As one text, since a resource has one name; no package has a space in its own. */
const packageNames = understood("the name of a package or a list of them, such as 'nginx'", (found) => {
  const names: readonly unknown[] = Array.isArray(found) ? found : [found]
  const isOne = (name: unknown) =>
    typeof name === 'string' && /^[a-z0-9][a-z0-9+.-]+(?::[a-z0-9]+)?$/.test(name)
  return names.length > 0 && names.every(isOne) ? names.join(' ') : null
})

const aptOptions = options(
  {
    version: text("a version, such as '1.22.1-9+deb12u1'", /^[A-Za-z0-9.+~:-]{1,200}$/).optional(),
    hold: yes.optional(),
    absent: yes.optional(),
    purge: yes.optional(),
  },
  "version: '1.22.1-9+deb12u1'",
).superRefine(
  all(
    onlyWithout('version', 'absent'),
    onlyWithout('version', 'purge'),
    onlyWithout('hold', 'absent'),
    onlyWithout('hold', 'purge'),
  ),
)

type AptOptions = z.output<typeof aptOptions>

/** One package or several. */
export const apt: ResourceSort<AptOptions> = {
  type: 'apt',
  name: packageNames,
  options: aptOptions,
  lower: async ({ name, options, at }) => {
    const names = [...new Set(name.split(' '))]
    if (options.version === undefined || names.length === 1)
      return names.map((one) => packageOf(one, options))
    throw new TroubleError({
      what: `one version cannot be that of ${names.length} packages`,
      where: shownPlace(at),
      now: 'say apt(…) for each of them',
    })
  },
}

function packageOf(name: string, { version, hold, absent, purge }: AptOptions): PackageThing {
  const want =
    absent === true || purge === true
      ? ({ type: 'absent', purge: purge === true } as const)
      : ({ type: 'installed', version: version ?? null } as const)
  return { type: 'package', key: `package ${name}`, name, want, hold: hold ?? null, owes: [], lockout: null }
}
