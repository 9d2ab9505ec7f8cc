import { moments } from './moments.ts'
import { type OfTally, tallies } from './of-tally.ts'
import { rates } from './rates.ts'
import { trends } from './trends.ts'
import type { OverTime } from './view.ts'

const functions: ReadonlyMap<string, OverTime> = new Map(Object.entries({ ...rates, ...moments, ...trends }))

/** The function of a window that has this name, if one has. */
export function overTimeNamed(name: string): OverTime | null {
  return functions.get(name) ?? null
}

/** The same function of what is known of a window, for those that need no more than that. */
export function ofTallyNamed(name: string): OfTally | null {
  return Object.hasOwn(tallies, name) ? (tallies[name] ?? null) : null
}
