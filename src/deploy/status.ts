import type { AppView, HostRelease } from '../api/wire/wire.ts'
import type { TeamConfig } from '../config/config.ts'
import type { Fence } from '../pipeline/fence.ts'
import type { Store } from '../store/store.ts'
import { targetOf } from './deployment.ts'
import { doneChanges } from './deploy-world.ts'
import { deploymentOf, isHealing, liveChange } from './history.ts'

/** What runs where, as the ledger tells it: nothing is asked of the hosts. */
export async function appViews(
  store: Store,
  config: TeamConfig,
  fences: readonly Fence[],
): Promise<readonly AppView[]> {
  const places = Object.entries(config.apps).flatMap(([app, { environments, port }]) =>
    Object.entries(environments).map(([environment, { hosts }]) => ({ app, environment, hosts, port })),
  )
  return Promise.all(
    places.map(async ({ app, environment, hosts, port }) => {
      const target = targetOf(app, environment)
      const done = await doneChanges(store, target)
      const live = liveChange(done)
      // A revert made it live too: what people ask for is who touched this last.
      const last = done.findLast((change) => !isHealing(change)) ?? null
      const deployment = live === null ? null : deploymentOf(live)
      const at = { release: deployment?.release ?? null, commit: deployment?.commit ?? null }
      const first = hosts[0]
      return {
        app,
        environment,
        target,
        ...at,
        change: last?.id ?? null,
        since: last?.endedAt ?? null,
        url: port === null || first === undefined ? null : `http://${nameOf(config, first)}:${port}/`,
        hosts: hosts.map((host) => hostRelease(host, target, at, fences)),
      }
    }),
  )
}

function hostRelease(
  host: string,
  target: string,
  at: Readonly<{ release: string | null; commit: string | null }>,
  fences: readonly Fence[],
): HostRelease {
  const fence = fences.find((one) => one.host === host && one.target === target)
  if (fence === undefined) return { host, ...at, fenced: null }
  return {
    host,
    release: null,
    commit: null,
    fenced: { by: fence.change, why: fence.why, since: fence.since },
  }
}

function nameOf(config: TeamConfig, host: string): string {
  const via = config.hosts[host]?.via
  return via === undefined || via.kind === 'local' ? 'localhost' : via.address
}
