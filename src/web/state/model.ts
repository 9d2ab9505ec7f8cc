import type {
  AppView,
  ChangeDetail,
  ChangeView,
  HostDrift,
  HubEvent,
  Me,
  StatusView,
} from '../../api/wire/wire.ts'
import type { RepoView } from '../../api/wire/code.ts'
import type { Entry } from '../../change/entry.ts'
import type { Aside } from '../../change/occurrence.ts'
import type { ChangeId } from '../../change/order.ts'
import type { Trouble } from '../../change/trouble.ts'
import type { Run, RunId } from '../../store/runs.ts'
import type { LogLine } from '../../store/store.ts'
import { kindOf } from '../words/kind-words.ts'
import { numberOf, type Reach, reachOf } from './reach.ts'

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
  /** How far back the lists of changes go without a hole. */
  reach: Reach
  /** Entries were left out since the newest changes were loaded. */
  hasGap: boolean
  loaded: boolean
  /** Null until they are loaded, and where the hub has none to tell of. */
  repos: readonly RepoView[] | null
  /** Why the hub could not tell of its repositories. */
  reposTrouble: Trouble | null
  /** Runs as last heard of, as far as a page has asked or the hub has said. */
  runs: ReadonlyMap<RunId, Run>
  /** What happened beside the changes while this page listened, oldest first. */
  asides: readonly Aside[]
  /** How often a run or something beside the changes was heard: whoever shows code looks again. */
  codeNews: number
  /** How often flags were heard to have altered: whoever shows them looks again. */
  flagNews: number
  /** How often another system was heard to have marked something. */
  markNews: number
  open: OpenChange | null
  /** What a screen reader is told: the last change of a status. */
  said: string
}>

/** Which changes were asked for: those before one, or the newest. */
export type Asking = Readonly<{ target: string | null; before: ChangeId | null }>

export type Message =
  | Readonly<{ type: 'signed in'; me: Me }>
  | Readonly<{ type: 'signed out' }>
  | Readonly<{ type: 'hearing'; hearing: Hearing }>
  | Readonly<{ type: 'status came'; status: StatusView }>
  | Readonly<{ type: 'status refused'; trouble: Trouble }>
  | Readonly<{ type: 'caught up to'; seq: number }>
  | Readonly<{ type: 'drift came'; hosts: readonly HostDrift[] }>
  | Readonly<{ type: 'changes came'; changes: readonly ChangeView[]; asked: Asking; isEnd: boolean }>
  | Readonly<{ type: 'change came'; change: ChangeView }>
  | Readonly<{ type: 'happened'; event: Extract<HubEvent, { type: 'entry' }> }>
  | Readonly<{ type: 'repos came'; repos: readonly RepoView[] }>
  | Readonly<{ type: 'repos refused'; trouble: Trouble }>
  | Readonly<{ type: 'runs came'; runs: readonly Run[] }>
  | Readonly<{ type: 'run heard'; run: Run }>
  | Readonly<{ type: 'aside heard'; aside: Aside }>
  | Readonly<{ type: 'flags heard' }>
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
  reach: new Map(),
  hasGap: false,
  loaded: false,
  repos: null,
  reposTrouble: null,
  runs: new Map(),
  asides: [],
  codeNews: 0,
  flagNews: 0,
  markNews: 0,
  open: null,
  said: '',
}

/** The changes of a target (or of all), newest first, as far back as the page has every one of them. */
export function newestFirst(model: Model, target: string | null): readonly ChangeView[] {
  const from = reachOf(model.reach, target)
  return [...model.changes.values()]
    .filter((change) => numberOf(change.id) >= from && (target === null || change.target === target))
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
