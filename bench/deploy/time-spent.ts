import type { Entry } from '../../src/change/entry.ts'

/** Where the time of a change went, in milliseconds, by the hub's clock: the parts add up to the whole. */
export type TimeSpent = Readonly<Record<string, number>>

/** Reads the parts of a finished change out of its entries: each ends with the entry that its name says. */
export function timeSpent(entries: readonly Entry[]): TimeSpent {
  const spent: Record<string, number> = {}
  let at = entries[0]?.at ?? 0
  for (const entry of entries) {
    const part = partEndedBy(entry)
    if (part === null) continue
    spent[part] = (spent[part] ?? 0) + entry.at - at
    at = entry.at
    if (entry.type === 'finished') break
  }
  return spent
}

function partEndedBy(entry: Entry): string | null {
  if (entry.type === 'leased') return 'get the lease'
  if (entry.type === 'planned') return 'look, build and plan'
  if (entry.type === 'announced') return 'announce'
  if (entry.type === 'stage-done') return `stage ${entry.stage}`
  if (entry.type === 'decided') return 'decide'
  if (entry.type === 'finished') return 'settle'
  return null
}

/** How long each step took, by its action: `switch` of eight hosts gives eight times. */
export function stepTimes(entries: readonly Entry[]): ReadonlyMap<string, readonly number[]> {
  const began = new Map<string, number>()
  const times = new Map<string, number[]>()
  for (const entry of entries) {
    if (entry.type === 'step-started') began.set(entry.step, entry.at)
    if (entry.type !== 'step-done') continue
    const action = entry.step.split(' ')[0] ?? entry.step
    const all = times.get(action) ?? []
    all.push(entry.at - (began.get(entry.step) ?? entry.at))
    times.set(action, all)
  }
  return times
}
