import type { ChangeId } from '../change/order.ts'
import type { Store } from '../store/store.ts'
import type { Outcome } from './outcome.ts'

const room = 'infra applied'

/** What the last finished change has left on a host: what drift is measured against. */
export type Applied = Readonly<{
  change: ChangeId
  /** Thing to digest of what it is since. */
  things: Readonly<Record<string, string>>
}>

export async function appliedOn(store: Store, host: string): Promise<Applied | null> {
  const kept = await store.records.get(room, host)
  return kept === undefined ? null : (kept as Applied)
}

/**
 * Writes down what a finished change has left: an undo leaves nothing of its things that was applied. Several resources
 * may own parts of one thing (`path /etc/hosts, line …`); all of them are taken back with it.
 */
export async function keepApplied(store: Store, change: ChangeId, outcome: Outcome): Promise<void> {
  switch (outcome.do) {
    case 'recipes':
      // All at once: they share a write to the disk.
      await Promise.all(
        Object.entries(outcome.applied).map(([host, things]) => keep(store, host, { change, things })),
      )
      return
    case 'undo':
      for (const [host, keys] of Object.entries(outcome.takenBack)) {
        const before = Object.entries((await appliedOn(store, host))?.things ?? {})
        const taken = (key: string): boolean => keys.some((one) => key === one || key.startsWith(`${one}, `))
        const things = Object.fromEntries(before.filter(([key]) => !taken(key)))
        await keep(store, host, { change, things })
      }
      return
    case 'run':
    case 'note':
      return
  }
}

const keep = (store: Store, host: string, applied: Applied): Promise<void> =>
  store.records.put(room, host, applied)
