import type { AppView, StatusView } from '../../api/wire.ts'
import type { ChangeId } from '../../change/order.ts'
import { isOver } from '../../change/status.ts'
import type { PlayLedger } from './ledger.ts'
import { commitIn, commitLive, liveChanges } from './live.ts'
import { apps, type PlayApp, targetOf } from './plan-of.ts'

const releaseOf = (commit: string | null): string | null => (commit === null ? null : `9c${commit}`)

/** What is live and who waits, with the hosts that an open change has switched already. */
export function statusOf(
  ledger: PlayLedger,
  switched: ReadonlyMap<ChangeId, ReadonlySet<string>>,
): StatusView {
  return {
    hub: {
      version: '0.1.0',
      startedAt: 0,
      project: '/srv/acme',
      entries: ledger.entries.length,
      recipes: ['web', 'index'],
    },
    apps: apps.map((app) => appView(ledger, app, switched)),
    hosts: apps
      .flatMap((app) =>
        app.hosts.map((host) => ({ host, roles: [app.app === 'shop' ? 'web' : 'index', app.environment] })),
      )
      .map(({ host, roles }, index) => ({
        host,
        roles,
        address: `deploy@10.0.3.${11 + index}`,
        fenced: fencedOf(host),
        groups: ['paris'],
        drift: { found: index === 1 ? 2 : 0, at: Date.now() - 900_000, away: null },
        applied: { change: 'c60', at: Date.now() - 86_400_000, who: 'ada' },
      })),
    lines: linesOf(ledger),
  }
}

const fencedOf = (host: string) =>
  host === 'idx2'
    ? { by: 'c61', why: 'no answer for 30 s while it was switched', since: Date.now() - 5_400_000 }
    : null

function appView(
  ledger: PlayLedger,
  app: PlayApp,
  switched: ReadonlyMap<ChangeId, ReadonlySet<string>>,
): AppView {
  const target = targetOf(app)
  const last = liveChanges(ledger, target)[0]
  const open = ledger.views().find((change) => change.target === target && change.status === 'running')
  const commit = commitLive(ledger, target)
  const hosts = app.hosts.map((host) => {
    const isNew = open !== undefined && switched.get(open.id)?.has(host) === true
    const onHost = isNew ? commitIn(open.title) : commit
    return { host, commit: onHost, release: releaseOf(onHost), fenced: fencedOf(host) }
  })
  const { app: name, environment, url } = app
  const since = last?.endedAt ?? null
  return {
    app: name,
    environment,
    url,
    target,
    commit,
    release: releaseOf(commit),
    change: last?.id ?? null,
    since,
    hosts,
  }
}

function linesOf(ledger: PlayLedger): StatusView['lines'] {
  const open = ledger
    .views()
    .filter((change) => !isOver(change.status))
    .toReversed()
  return apps.map(targetOf).map((target) => {
    const places = open
      .filter((change) => change.target === target)
      .map(({ id, who, why, orderedAt, status }) => ({
        change: id,
        target,
        who,
        why,
        since: orderedAt,
        status,
      }))
    const holder = places.find(({ status }) => status !== 'waiting')
    const waiting = places.filter(({ status }) => status === 'waiting')
    return { target, holder: holder === undefined ? null : { ...holder, token: 7 }, waiting }
  })
}
