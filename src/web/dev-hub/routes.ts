import type { Me, OrderWish } from '../../api/wire/wire.ts'
import { TroubleError } from '../../change/trouble.ts'
import { codeRoutes } from './code/routes.ts'
import { factsOf } from './drift.ts'
import { flagRoutes } from './flags/routes.ts'
import { marksOf, playPages } from './metrics/routes.ts'
import type { PlayHub } from './hub.ts'

export type Asked = Readonly<{
  hub: PlayHub
  me: Me
  query: URLSearchParams
  body: unknown
  /** The path after `/api/`, split at its slashes. */
  parts: readonly string[]
}>

type RevertBody = Readonly<{ change: string; why: string }>
type HostsBody = Readonly<{ on: readonly string[] }>

/** Answers one route of the wire; a route that the dashboard does not use has no answer. */
export function routes(route: string, asked: Asked): unknown {
  const { hub, me, body, parts } = asked
  const id = parts[1] ?? ''
  switch (route) {
    case 'GET /api/me':
      return me
    case 'GET /api/status':
      return hub.status()
    case 'GET /api/changes':
      return { changes: listed(asked) }
    case 'GET /api/changes/:id':
      return detail(asked, id)
    case 'GET /api/changes/:id/log':
      return { lines: lines(asked, id) }
    case 'POST /api/plans':
      return hub.plan(body as OrderWish)
    case 'POST /api/changes':
      return { id: hub.order(body as OrderWish, me.name) }
    case 'GET /api/marks':
      return marksOf(hub.ledger, Number(asked.query.get('from')), Number(asked.query.get('to')))
    case 'GET /api/graph-pages':
      return { pages: playPages }
    case 'GET /api/drift':
      return { hosts: hub.drift.last() }
    case 'POST /api/drift':
      return { hosts: hub.drift.look((body as HostsBody).on, Date.now()) }
    case 'POST /api/facts':
      return { hosts: factsOf((body as HostsBody).on) }
    case 'POST /api/reverts/plan':
      return hub.planRevert((body as RevertBody).change)
    case 'POST /api/reverts':
      return { id: hub.revert((body as RevertBody).change, (body as RevertBody).why, me.name) }
    case 'POST /api/changes/:id/stop':
      hub.stop(id, me.name)
      return { ok: true }
    default:
      if (['repos', 'runs', 'train', 'holds'].includes(parts[0] ?? '')) return codeRoutes(route, asked)
      if (['flags', 'flag-use'].includes(parts[0] ?? '')) return flagRoutes(route.split(' ')[0] ?? '', asked)
      throw new TroubleError({ what: `this hub does not play ${route}`, now: 'look at the real one' })
  }
}

function listed({ hub, query }: Asked) {
  const target = query.get('target')
  const before = query.get('before')
  const first = before === null ? Infinity : Number(before.slice(1))
  return hub.ledger
    .views()
    .filter((change) => target === null || change.target === target)
    .filter((change) => Number(change.id.slice(1)) < first)
    .slice(0, Number(query.get('limit') ?? 50))
}

function detail({ hub, me }: Asked, id: string) {
  const found = hub.ledger.detail(id, me.may)
  if (found === null)
    throw new TroubleError({ what: `there is no change ${id}`, now: 'look at the timeline for the ids' })
  return found
}

function lines({ hub, query }: Asked, id: string) {
  const after = Number(query.get('after') ?? 0)
  return hub.ledger.log
    .filter((line) => line.change === id && line.seq > after)
    .slice(0, Number(query.get('limit') ?? 1_000))
}
