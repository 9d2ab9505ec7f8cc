import type { AppView, StatusView } from '../../api/wire/wire.ts'
import type { ChangeId } from '../../change/order.ts'
import { isOver } from '../../change/status.ts'
import { wholeHash } from './code/hashes.ts'
import type { PlayDrift } from './drift.ts'
import type { PlayLedger } from './ledger.ts'
import { commitIn, commitLive, liveChanges } from './live.ts'
import { apps, type PlayApp, targetOf } from './plan-of.ts'
import { playHosts, recipes } from './play-hosts.ts'

const releaseOf = (commit: string | null): string | null => (commit === null ? null : `9c${commit}`)

/** What is live and who waits, with the hosts that an open change has switched already. */
export function statusOf(
  ledger: PlayLedger,
  drift: PlayDrift,
  switched: ReadonlyMap<ChangeId, ReadonlySet<string>>,
): StatusView {
  return {
    hub: {
      version: '0.1.0',
      startedAt: 0,
      project: '/srv/acme',
      entries: ledger.seq(),
      recipes,
    },
    apps: apps.map((app) => appView(ledger, app, switched)),
    hosts: playHosts.map((host) => ({
      ...host,
      fenced: fencedOf(host.host),
      drift: driftOn(drift, host.host),
      applied: appliedOn(ledger, host.host),
    })),
    lines: linesOf(ledger),
  }
}

function driftOn(drift: PlayDrift, host: string) {
  const last = drift.last().find((one) => one.host === host)
  return last === undefined ? null : { found: last.findings.length, at: last.at, away: last.away }
}

function appliedOn(ledger: PlayLedger, host: string) {
  const last = liveChanges(ledger, 'infra').find(
    ({ title }) => title.startsWith('apply to') && title.includes(host),
  )
  if (last === undefined) return null
  return { change: last.id, at: last.endedAt ?? last.orderedAt, who: last.who }
}

const fencedOf = (host: string) =>
  host === 'idx2'
    ? { by: 'c61', why: 'no answer for 30 s while it was switched', since: Date.now() - 5_400_000 }
    : null

const wholeOf = (commit: string | null): string | null => (commit === null ? null : wholeHash(commit))

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
    return { host, commit: wholeOf(onHost), release: releaseOf(onHost), fenced: fencedOf(host) }
  })
  const { app: name, environment, url } = app
  const since = last?.endedAt ?? null
  return {
    app: name,
    environment,
    url,
    target,
    commit: wholeOf(commit),
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
