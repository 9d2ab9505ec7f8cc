import type { HostDrift } from '../../api/wire/wire.ts'
import type { Store } from '../../store/store.ts'

const room = 'infra drift'

/** What was found when a host was last looked at beside its recipes. */
export async function keptDrift(store: Store, host: string): Promise<HostDrift | null> {
  const kept = await store.records.get(room, host)
  return kept === undefined ? null : (kept as HostDrift)
}

export async function keepDrift(store: Store, drift: HostDrift): Promise<void> {
  await store.records.put(room, drift.host, drift)
}
