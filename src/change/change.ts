import type { Entry } from './entry.ts'
import type { ChangeId, Order } from './order.ts'
import type { Plan } from './plan.ts'
import { isOver, type Status, statusOf } from './status.ts'
import { planOf } from './undo.ts'

/** A change as its entries tell it. */
export type Change = Readonly<{
  id: ChangeId
  order: Order
  status: Status
  plan: Plan | null
  orderedAt: number
  endedAt: number | null
  /** The change that took this one back, once that one is done. */
  revertedBy: ChangeId | null
  /** Hosts that were left behind and wait to be healed. */
  fenced: readonly string[]
}>

/** Reads a change out of its own entries, oldest first. */
export function changeOf(entries: readonly Entry[], revertedBy: ChangeId | null): Change {
  const first = entries[0]
  if (first?.type !== 'ordered') throw new Error('the first entry of a change is its order')
  const status = statusOf(entries)
  const ending = entries.find(
    (entry) => isOver(status) && ['finished', 'refused', 'withdrawn', 'undone', 'stuck'].includes(entry.type),
  )
  return {
    id: first.change,
    order: first.order,
    status,
    plan: planOf(entries),
    orderedAt: first.at,
    endedAt: ending?.at ?? null,
    revertedBy,
    fenced: fencedHosts(entries),
  }
}

function fencedHosts(entries: readonly Entry[]): readonly string[] {
  const hosts = new Set<string>()
  for (const entry of entries) {
    if (entry.type === 'fenced') hosts.add(entry.host)
    if (entry.type === 'healed') hosts.delete(entry.host)
  }
  return [...hosts]
}
