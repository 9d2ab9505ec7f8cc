import type { HostView } from '../api/wire/wire.ts'
import { changeOf } from '../change/change.ts'
import type { TeamConfig } from '../config/config.ts'
import type { Fence } from '../pipeline/fence.ts'
import type { Store } from '../store/store.ts'
import { appliedOn } from './applied.ts'
import { keptDrift } from './drift/kept-drift.ts'

/** The hosts of the team, as the ledger and the last looks tell of them: nothing is asked of the hosts. */
export async function hostViews(
  store: Store,
  config: TeamConfig,
  fences: readonly Fence[],
): Promise<readonly HostView[]> {
  return Promise.all(
    Object.entries(config.hosts).map(async ([host, { roles, groups, via }]) => {
      const fence = fences.find((one) => one.host === host)
      return {
        host,
        address: via.kind === 'local' ? 'localhost' : via.address,
        roles,
        groups,
        fenced: fence === undefined ? null : { by: fence.change, why: fence.why, since: fence.since },
        drift: await driftOn(store, host),
        applied: await lastApplied(store, host),
      }
    }),
  )
}

async function driftOn(store: Store, host: string): Promise<HostView['drift']> {
  const drift = await keptDrift(store, host)
  return drift === null ? null : { found: drift.findings.length, at: drift.at, away: drift.away }
}

async function lastApplied(store: Store, host: string): Promise<HostView['applied']> {
  const applied = await appliedOn(store, host)
  if (applied === null) return null
  const change = changeOf(await store.ledger.of(applied.change), null)
  return { change: change.id, at: change.endedAt ?? change.orderedAt, who: change.order.who }
}
