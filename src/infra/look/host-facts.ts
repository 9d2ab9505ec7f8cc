import type { Facts } from '../../config/infra/recipe-wish.ts'
import type { Store } from '../../store/store.ts'
import type { KnownHost } from '../plan/seen.ts'

const room = 'infra hosts'

/** A host as last seen: recipes are asked with its facts, and asked again when they turn out to have moved. */
export async function knownHost(store: Store, host: string): Promise<KnownHost | null> {
  const kept = await store.records.get(room, host)
  return kept === undefined ? null : (kept as KnownHost)
}

export async function keepHost(store: Store, host: string, { boot, facts }: KnownHost): Promise<void> {
  const kept = await knownHost(store, host)
  if (kept?.boot !== boot || !areSame(kept.facts, facts)) await store.records.put(room, host, { boot, facts })
}

export function areSame(one: unknown, other: Facts): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
