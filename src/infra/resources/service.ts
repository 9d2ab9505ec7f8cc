import type { z } from 'zod'
import { text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import type { Debt } from '../things/thing.ts'
import { unitThing } from '../things/make.ts'
import { unitSuffixes } from './unit-name.ts'
import { options, references, yes } from './words.ts'

const shape = options(
  {
    running: yes.optional(),
    enabled: yes.optional(),
    masked: yes.optional(),
    restartOn: references.optional(),
    reloadOn: references.optional(),
  },
  'running: true, enabled: true',
).superRefine(({ masked, running, enabled }, context) => {
  if (masked !== true || (running !== true && enabled !== true)) return
  const path = running === true ? ['running'] : ['enabled']
  const params = { now: 'leave out masked, or this' }
  context.addIssue({ code: 'custom', path, message: 'false or left out, as masked is true', params })
})

/** A unit that somebody else has brought, a package mostly: whether it runs, now and after the next boot. */
export const service: ResourceSort<z.output<typeof shape>> = {
  type: 'service',
  name: text(
    "the name of a unit, such as 'nginx' or 'fstrim.timer'",
    /^[A-Za-z0-9_:.\\-]+(?:@[A-Za-z0-9_:.\\-]*)?$/,
  ),
  options: shape,
  lower({ name, options: { running, enabled, masked } }) {
    const want = {
      running: masked === true ? false : (running ?? null),
      enabled: enabled ?? null,
      masked: masked ?? null,
    }
    return Promise.resolve([unitThing(unitOf(name), want)])
  },
  owedBy({ name, options: { restartOn = [], reloadOn = [] } }) {
    const owed =
      (type: 'restart' | 'reload') =>
      (by: number): { by: number; debt: Debt } => ({
        by,
        debt: { type, unit: unitOf(name) },
      })
    return [...restartOn.map(owed('restart')), ...reloadOn.map(owed('reload'))]
  },
}

function unitOf(name: string): string {
  return unitSuffixes.some((suffix) => name.endsWith(suffix)) ? name : `${name}.service`
}
