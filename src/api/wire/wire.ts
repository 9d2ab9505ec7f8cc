import type { Entry } from '../../change/entry.ts'
import type { Json } from '../../change/json.ts'
import type { ChangeId, Door } from '../../change/order.ts'
import type { Plan, PlanLine } from '../../change/plan.ts'
import type { Status } from '../../change/status.ts'
import type { Trouble } from '../../change/trouble.ts'
import type { Line, LogLine, May, Token } from '../../store/store.ts'
import type { CodeEvent } from './code.ts'
import type { FlagEvent } from './flags.ts'

/** What a client sends to order or to plan a change; the kind fills in what is left out of the wish. */
export type OrderWish = Readonly<{ kind: string; wish: Json; why: string }>

/** A change as lists show it. */
export type ChangeView = Readonly<{
  id: ChangeId
  kind: string
  /** What it does where its kind does several things (of `apply`: recipes, undo, run, note); null where it does one. */
  does: string | null
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
  groups: readonly string[]
  fenced: HostRelease['fenced']
  /** How many resources differ from the recipes, as last looked at; null = never looked, or the host has no recipe. */
  drift: Readonly<{ found: number; at: number; away: string | null }> | null
  /** The last finished change of its infrastructure. */
  applied: Readonly<{ change: ChangeId; at: number; who: string }> | null
}>

/** Why a resource is not as its recipe says: something altered the host, the recipe was altered, or both. */
export type DriftCause = 'host moved' | 'recipe moved' | 'both moved'

export type DriftFinding = Readonly<{
  resource: string
  /** Where the recipe says it: `tandem.ts:14:3`. */
  at: string
  cause: DriftCause
  /** What an apply would do about it. */
  lines: readonly PlanLine[]
  /** Who or what probably did it: lines of the logs of dpkg and sudo, times of writing, changes. */
  evidence: readonly string[]
}>

/** One host, looked at beside its recipes. */
export type HostDrift = Readonly<{
  host: string
  at: number
  /** Why it could not be looked at; null = it was. */
  away: string | null
  /** How many resources were looked at. */
  resources: number
  findings: readonly DriftFinding[]
  /** What was altered there that no recipe speaks of, as far as its logs tell. */
  unmanaged: readonly string[]
}>

export type HostFacts = Readonly<{
  host: string
  facts: Readonly<Record<string, unknown>> | null
  away: string | null
}>

/** The program that an apply would send to a host. */
export type HostProgram = Readonly<{ host: string; text: string }>

export type StatusView = Readonly<{
  hub: Readonly<{
    version: string
    startedAt: number
    project: string
    entries: number
    /** Roles that have a recipe. */
    recipes: readonly string[]
  }>
  apps: readonly AppView[]
  hosts: readonly HostView[]
  lines: readonly Line[]
}>

/**
 * What people may ask of hosts at any time: nothing is changed there. `on` are roles, groups and hosts as people wrote
 * them; none means all.
 */
export type InfraSide = Readonly<{
  /** Looks now. */
  drift: (on: readonly string[]) => Promise<readonly HostDrift[]>
  /** As last looked at, by whomever. */
  lastDrift: () => Promise<readonly HostDrift[]>
  facts: (on: readonly string[]) => Promise<readonly HostFacts[]>
  programs: (on: readonly string[]) => Promise<readonly HostProgram[]>
}>

export type Me = Readonly<{ name: string; may: May }>

/**
 * The event stream (`GET /api/events?after=SEQ`, server-sent events): `event: entry`, `event: aside`, `event: log`,
 * `event: run`, `event: flags`, `event: ping`.
 */
export type HubEvent =
  | Readonly<{ type: 'entry'; entry: Entry; change: ChangeView }>
  | Readonly<{ type: 'log'; line: LogLine }>
  | CodeEvent
  | FlagEvent

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
  'POST /api/drift': { hosts: readonly HostDrift[] } // body: { on }: roles, groups and hosts; none = all. Looks now
  'GET /api/drift': { hosts: readonly HostDrift[] } // as last looked at
  'POST /api/facts': { hosts: readonly HostFacts[] } // body: { on }
  'POST /api/programs': { programs: readonly HostProgram[] } // body: { on }
  'POST /api/reverts': { id: ChangeId } // body: { change: ChangeId | null (the last of target), target: string | null, why }
  'POST /api/reverts/plan': { plan: Plan; target: string; reverts: ChangeId } // same body
  'POST /api/changes/:id/stop': { ok: true }
  'POST /api/changes/:id/overrule': { ok: true } // body: { why }
  'GET /api/verify': { entries: number; head: string; bad: { seq: number; why: string } | null }
  'GET /api/tokens': { tokens: readonly Token[] }
  'POST /api/tokens': { token: Token; secret: string } // body: { person, label, days: number | null }
  'DELETE /api/tokens/:id': { ok: true }
}
