import type { Facts } from '../../config/recipe-wish.ts'
import type { Store } from '../../store/store.ts'

const room = 'infra facts'

/** The facts of a host as last seen: recipes are asked with them, and asked again when they turn out to have moved. */
export async function knownFacts(store: Store, host: string): Promise<Facts | null> {
  const kept = await store.records.get(room, host)
  return kept === undefined ? null : (kept as Facts)
}

export async function keepFacts(store: Store, host: string, facts: Facts): Promise<void> {
  const kept = await store.records.get(room, host)
  if (!areSame(kept, facts)) await store.records.put(room, host, facts)
}

export function areSame(one: unknown, other: Facts): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
