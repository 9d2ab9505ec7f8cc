import type { z } from 'zod'
import type { ResourceSort } from '../recipe/resource.ts'
import { alone } from './rules.ts'
import { accountNumber, groupName, options, yes } from './words.ts'

const groupOptions = options(
  { gid: accountNumber.optional(), system: yes.optional(), absent: yes.optional() },
  'gid: 1500',
).superRefine(alone('absent'))

export const group: ResourceSort<z.output<typeof groupOptions>> = {
  type: 'group',
  name: groupName,
  options: groupOptions,
  lower: async ({ name, options: { gid, system, absent } }) => {
    const want =
      absent === true
        ? ({ type: 'absent' } as const)
        : ({ type: 'present', gid: gid ?? null, system: system === true } as const)
    // Whoever is root by being in one of these would not be any more.
    const lockout = absent === true && ['sudo', 'admin', 'wheel'].includes(name) ? 'sudo' : null
    return [{ type: 'group', key: `group ${name}`, name, want, owes: [], lockout }]
  },
}
