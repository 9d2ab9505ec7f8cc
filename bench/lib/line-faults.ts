import type { Entry } from '../../src/change/entry.ts'
import type { ChangeId } from '../../src/change/order.ts'

const ends: ReadonlySet<Entry['type']> = new Set(['finished', 'refused', 'withdrawn', 'undone', 'stuck'])

/** What may be written for a change that does not hold its target. */
const mayWait: ReadonlySet<Entry['type']> = new Set([
  'ordered',
  'stop-asked',
  'overruled',
  'withdrawn',
  'healed',
  'announced',
  'note',
])

/** Entries of work on a target that another change held at that time, or nobody. */
export function interleavedIn(entries: readonly Entry[]): number {
  const targets = targetsOf(entries)
  const holders = new Map<string, ChangeId>()
  let faults = 0
  for (const entry of entries) {
    const target = targets.get(entry.change) ?? ''
    const holder = holders.get(target)
    if (entry.type === 'leased') {
      if (holder !== undefined && holder !== entry.change) faults += 1
      holders.set(target, entry.change)
    } else if (!mayWait.has(entry.type) && holder !== entry.change && entry.type !== 'resumed') faults += 1
    if (ends.has(entry.type) && holders.get(target) === entry.change) holders.delete(target)
  }
  return faults
}

/** Changes that got their target at another turn than their order had. */
export function outOfOrderIn(entries: readonly Entry[]): number {
  const targets = targetsOf(entries)
  let faults = 0
  for (const target of new Set(targets.values())) {
    const ofTarget = entries.filter(({ change }) => targets.get(change) === target)
    const leased = changesWith(ofTarget, 'leased')
    const got = new Set(leased)
    const ordered = changesWith(ofTarget, 'ordered').filter((change) => got.has(change))
    faults += ordered.filter((change, turn) => leased[turn] !== change).length
  }
  return faults
}

function targetsOf(entries: readonly Entry[]): ReadonlyMap<ChangeId, string> {
  return new Map(
    entries.flatMap((entry) =>
      entry.type === 'ordered' ? [[entry.change, entry.order.target] as const] : [],
    ),
  )
}

function changesWith(entries: readonly Entry[], type: Entry['type']): readonly ChangeId[] {
  return [...new Set(entries.flatMap((entry) => (entry.type === type ? [entry.change] : [])))]
}
