import type { Entry } from '../change/entry.ts'
import type { Json } from '../change/json.ts'
import type { ChangeId, Door } from '../change/order.ts'
import type { Plan } from '../change/plan.ts'
import type { Status } from '../change/status.ts'
import type { Trouble } from '../change/trouble.ts'
import type { Line, LogLine, May, Token } from '../store/store.ts'

/** What a client sends to order or to plan a change; the kind fills in what is left out of the wish. */
export type OrderWish = Readonly<{ kind: string; wish: Json; why: string }>

/** A change as lists show it. */
export type ChangeView = Readonly<{
  id: ChangeId
  kind: string
  target: string
  /** The plan's title, or the target while there is no plan. */
  title: string
  who: string
  door: Door
  why: string
  status: Status
  orderedAt: number
  endedAt: number | null
  reverts: ChangeId | null
  revertedBy: ChangeId | null
  fenced: readonly string[]
  trouble: Trouble | null
  /** The stage that runs now. */
  stage: string | null
  steps: Readonly<{ done: number; total: number }>
}>

export type ChangeDetail = Readonly<{
  change: ChangeView
  plan: Plan | null
  entries: readonly Entry[]
  mayRevert: boolean
  mayStop: boolean
}>

/** What runs on one host of one environment of an app. */
export type HostRelease = Readonly<{
  host: string
  /** The release that takes traffic there, as last seen; null = none. */
  release: string | null
  commit: string | null
  fenced: Readonly<{ by: ChangeId; why: string; since: number }> | null
}>

export type AppView = Readonly<{
  app: string
  environment: string
  target: string
  release: string | null
  commit: string | null
  /** The change that made it live, and when. */
  change: ChangeId | null
  since: number | null
  url: string | null
  hosts: readonly HostRelease[]
}>

export type HostView = Readonly<{
  host: string
  address: string
  roles: readonly string[]
  fenced: HostRelease['fenced']
}>

export type StatusView = Readonly<{
  hub: Readonly<{ version: string; startedAt: number; project: string; entries: number }>
  apps: readonly AppView[]
  hosts: readonly HostView[]
  lines: readonly Line[]
}>

export type Me = Readonly<{ name: string; may: May }>

/** The event stream (`GET /api/events?after=SEQ`, server-sent events): `event: entry`, `event: log`, `event: ping`. */
export type HubEvent =
  | Readonly<{ type: 'entry'; entry: Entry; change: ChangeView }>
  | Readonly<{ type: 'log'; line: LogLine }>

/**
 * Every refusal of the API: `{ trouble }` with a status of 400 (wrong usage), 401, 403, 404, 409 or 500. One that comes
 * after the answer has begun, which a plan's may with spaces after 10 s, comes with status 200 and says its own.
 */
export type Refusal = Readonly<{ trouble: Trouble; status?: number }>

/**
 * The routes. All but `POST /api/session` and `GET /api/version` need `authorization: Bearer TOKEN` or the session
 * cookie; with the cookie, every request that is not a GET also needs the header `x-tandem: 1`.
 */
export type Routes = {
  'GET /api/version': { version: string }
  'GET /api/me': Me
  'POST /api/session': Me // body: { token }, sets the cookie
  'DELETE /api/session': { ok: true }
  'GET /api/status': StatusView
  'GET /api/changes': { changes: readonly ChangeView[] } // ?target= &before= &limit=
  'GET /api/changes/:id': ChangeDetail
  'GET /api/changes/:id/log': { lines: readonly LogLine[] } // ?after=SEQ &limit=
  'POST /api/changes': { id: ChangeId } // body: OrderWish
  'POST /api/plans': { plan: Plan; target: string } // body: OrderWish
  'POST /api/reverts': { id: ChangeId } // body: { change: ChangeId | null (the last of target), target: string | null, why }
  'POST /api/reverts/plan': { plan: Plan; target: string; reverts: ChangeId } // same body
  'POST /api/changes/:id/stop': { ok: true }
  'POST /api/changes/:id/overrule': { ok: true } // body: { why }
  'GET /api/verify': { entries: number; head: string; bad: { seq: number; why: string } | null }
  'GET /api/tokens': { tokens: readonly Token[] }
  'POST /api/tokens': { token: Token; secret: string } // body: { person, label, days: number | null }
  'DELETE /api/tokens/:id': { ok: true }
}
