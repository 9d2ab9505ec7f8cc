import type {
  AppView,
  ChangeDetail,
  ChangeView,
  HostDrift,
  HubEvent,
  Me,
  StatusView,
} from '../../api/wire.ts'
import type { Entry } from '../../change/entry.ts'
import type { ChangeId } from '../../change/order.ts'
import type { Trouble } from '../../change/trouble.ts'
import type { LogLine } from '../../store/store.ts'
import { kindOf } from '../words/kind-words.ts'

/** Whether the page hears the hub. `lost`: it did, and tries again. */
export type Hearing = 'not yet' | 'live' | 'lost'

/** The one change that its page shows, with what only that page needs. */
export type OpenChange = Readonly<{
  id: ChangeId
  change: ChangeView | null
  detail: ChangeDetail | null
  /** Oldest first, those of the answer and those heard since. */
  entries: readonly Entry[]
  log: readonly LogLine[]
  /** How many of the oldest lines the page has let go. */
  logLeftOut: number
  trouble: Trouble | null
}>

/** All that the dashboard knows. */
export type Model = Readonly<{
  me: Me | null
  session: 'unknown' | 'in' | 'out'
  hearing: Hearing
  /** The newest ledger entry this page has taken in. */
  seq: number
  status: StatusView | null
  /** Why the hub could not say its status: most often a mistake in the project's `tandem.ts`. */
  statusTrouble: Trouble | null
  changes: ReadonlyMap<ChangeId, ChangeView>
  /** What hosts were found to be beside their recipes, by host, as far as a page has asked. */
  drift: ReadonlyMap<string, HostDrift>
  /** Targets whose oldest change is here; `''` stands for all targets. */
  complete: ReadonlySet<string>
  loaded: boolean
  open: OpenChange | null
  /** What a screen reader is told: the last change of a status. */
  said: string
}>

export type Message =
  | Readonly<{ type: 'signed in'; me: Me }>
  | Readonly<{ type: 'signed out' }>
  | Readonly<{ type: 'hearing'; hearing: Hearing }>
  | Readonly<{ type: 'status came'; status: StatusView }>
  | Readonly<{ type: 'status refused'; trouble: Trouble }>
  | Readonly<{ type: 'caught up to'; seq: number }>
  | Readonly<{ type: 'drift came'; hosts: readonly HostDrift[] }>
  | Readonly<{ type: 'changes came'; changes: readonly ChangeView[]; target: string | null; isEnd: boolean }>
  | Readonly<{ type: 'change came'; change: ChangeView }>
  | Readonly<{ type: 'happened'; event: Extract<HubEvent, { type: 'entry' }> }>
  | Readonly<{ type: 'printed'; lines: readonly LogLine[] }>
  | Readonly<{ type: 'opened'; id: ChangeId }>
  | Readonly<{ type: 'closed'; id: ChangeId }>
  | Readonly<{ type: 'detail came'; detail: ChangeDetail }>
  | Readonly<{ type: 'detail refused'; id: ChangeId; trouble: Trouble }>

export const emptyModel: Model = {
  me: null,
  session: 'unknown',
  hearing: 'not yet',
  seq: 0,
  status: null,
  statusTrouble: null,
  changes: new Map(),
  drift: new Map(),
  complete: new Set(),
  loaded: false,
  open: null,
  said: '',
}

/** `c12` -> 12. */
export const numberOf = (id: ChangeId): number => Number(id.slice(1))

/** The changes of a target (or of all), newest first. */
export function newestFirst(model: Model, target: string | null): readonly ChangeView[] {
  return [...model.changes.values()]
    .filter((change) => target === null || change.target === target)
    .toSorted((a, b) => numberOf(b.id) - numberOf(a.id))
}

/** Every target that can be picked as a filter, by name; commands on hosts have one each, which nobody would pick. */
export function targetsOf(model: Model): readonly string[] {
  const targets = new Set(model.status?.apps.map((app) => app.target))
  for (const change of model.changes.values()) if (kindOf(change) !== 'run') targets.add(change.target)
  return [...targets].toSorted()
}

/** The change that made an app's release live, if this page has it. */
export const lastChangeOf = (model: Model, app: AppView): ChangeView | null =>
  app.change === null ? null : (model.changes.get(app.change) ?? null)
