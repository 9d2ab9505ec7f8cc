import type { ChangeId } from '../../change/order.ts'
import type { Explanation } from '../../../sdk/evaluate/explain.ts'
import type { Condition, Context, Expectation, Flag, Segment } from '../../../sdk/flag/flag.ts'
import type { Flags } from '../../../sdk/flags.ts'

/** What there is to know of a definition besides itself. */
export type Kept = Readonly<{
  key: string
  /** Names this very definition: who edits it says which one they have seen. */
  rev: string
  /** The change that made it so, who ordered that, and when it was made. */
  change: ChangeId
  who: string
  at: number
}>

export type FlagView = Kept &
  Readonly<{
    flag: Flag
    /** For one whose knob is bound to a metric. */
    bound?: BoundState
  }>

/** How it stands with a knob that is bound to a metric, as the ledger tells it. */
export type BoundState = Readonly<{
  /** What people gave: so far it is given back. */
  rest: number
  /** Who turned it by hand since it was bound. That pauses the guard. */
  byHand: Readonly<{ change: ChangeId; at: number; who: string }> | null
  /** The last turn of the guard, and its evidence. */
  turned: Readonly<{ change: ChangeId; at: number; why: string }> | null
}>

export type SegmentView = Kept & Readonly<{ segment: Segment }>

/** What was seen at the last look at the measure of a bound knob, and why that turned it or did not. */
export type KnobLook = Readonly<{ at: number; measured: number | null; why: string }>

/** What one change made of the flags of an environment; `null` is gone. */
export type FlagDelta = Readonly<{
  environment: string
  /** The states before and after: texts that are compared and mean nothing. */
  prev: string
  rev: string
  flags: Readonly<Record<string, Flag | null>>
  segments: Readonly<Record<string, Segment | null>>
}>

/** A definition as somebody wants it; `null` takes it away. */
export type FlipItem = Readonly<{
  /** The rev this was made on, `null` where there was none; without it, whatever is there is replaced. */
  base?: string | null
}> &
  (Readonly<{ flag: string; to: Flag | null }> | Readonly<{ segment: string; to: Segment | null }>)

/** How far a rollout has come with a stage, and how long it is looked at before the next. */
export type RollStage = Readonly<{ percent: number; holdMs: number }>

/** What can be ordered of the kind `flip`. */
export type FlipWish = Readonly<
  | { do: 'write'; environment: string; items: readonly FlipItem[] }
  /** The kill switch, and back. It asks for no rev and waits for nothing. */
  | { do: 'switch'; environment: string; flag: string; on: boolean }
  /** Gives a variant to more and more people: by the rule with this id, or by a new one, first of all. */
  | {
      do: 'roll'
      environment: string
      flag: string
      serve: string
      stages: readonly RollStage[]
      rule?: string
      when?: Condition
      /** What must hold while its stages are looked at, besides what the flag itself says. */
      watch?: readonly Expectation[]
    }
  | { do: 'undo'; change: ChangeId }
>

/** A flip that is to be ordered at a time: `due`, in milliseconds since the Unix epoch. */
export type ScheduleWish = Readonly<{ wish: FlipWish; due: number; who: string; why: string }>

export type ScheduleView = ScheduleWish & Readonly<{ id: string; target: string }>

/** The flags of an environment as they are now. It keeps up by itself; nothing here waits. */
export type EnvironmentFlags = Readonly<{
  environment: string
  /** Compiled, ready to be asked. */
  flags: Flags
  /** The state they are in. */
  rev: () => string
  list: () => readonly FlagView[]
  segments: () => readonly SegmentView[]
  flag: (key: string) => FlagView | null
  segment: (key: string) => SegmentView | null
  /** Everything that changed since a state, in one; null for a state that is not remembered. */
  since: (rev: string) => FlagDelta | null
  /** Calls back for each change from now on, when it is in force; calling what is returned ends it. */
  subscribe: (listener: (delta: FlagDelta) => void) => () => void
}>

/** A server key reads rules and belongs in no browser; a browser key is given answers, for it can be read by anybody. */
export type KeyKind = 'server' | 'browser'

export type FlagKey = Readonly<{
  id: string
  kind: KeyKind
  environment: string
  label: string
  who: string
  createdAt: number
}>

/** The keys that programs show. Kept hashed. */
export type FlagKeys = Readonly<{
  /** The secret is returned this once and kept nowhere. Throws a TroubleError for an environment nobody knows. */
  create: (
    wish: Pick<FlagKey, 'kind' | 'environment' | 'label' | 'who'>,
  ) => Promise<Readonly<{ key: FlagKey; secret: string }>>
  /** Whose secret this is; null for one that was never made or is revoked. */
  check: (secret: string) => Promise<FlagKey | null>
  list: () => Promise<readonly FlagKey[]>
  revoke: (id: string) => Promise<boolean>
}>

/** What the API asks of the flags. Edits are changes of the kind `flip`, ordered like any other: see `FlipWish`. */
export type FlagSide = Readonly<{
  /** Those of `tandem.ts`, then others that have flags. */
  environments: () => Promise<readonly string[]>
  /** Throws a TroubleError for an environment nobody knows. */
  of: (environment: string) => Promise<EnvironmentFlags>
  /** The newest changes of a flag, newest first. */
  history: (environment: string, key: string) => Promise<readonly ChangeId[]>
  /** The change that rolls a flag out now. */
  rolling: (environment: string, key: string) => Promise<ChangeId | null>
  /** Null for a knob that nothing turns, and where nobody has looked yet. */
  looked: (environment: string, key: string) => KnobLook | null
  /** As that of one environment, for all of them. */
  subscribe: (listener: (delta: FlagDelta) => void) => () => void
  keys: FlagKeys
  /** Flips that wait for their time, the next one first. `add` and `cancel` throw a TroubleError for what cannot be. */
  schedules: Readonly<{
    list: () => Promise<readonly ScheduleView[]>
    add: (wish: ScheduleWish) => Promise<ScheduleView>
    cancel: (id: string, who: string, why: string) => Promise<void>
  }>
}>

/** Routes about flags. */
export type FlagRoutes = {
  'GET /api/flags': {
    environment: string
    environments: readonly string[]
    rev: string
    flags: readonly FlagView[]
    segments: readonly SegmentView[]
  } // ?environment=
  'GET /api/flags/:key': {
    environment: string
    flag: FlagView
    /** The newest changes of it, newest first. */
    history: readonly ChangeId[]
    /** The change that rolls it out now. */
    rolling: ChangeId | null
    looked: KnobLook | null
  } // ?environment=
  'POST /api/flags/:key/explain': { environment: string; explanation: Explanation } // body: { environment, context: Context }
  'GET /api/flag-schedules': { schedules: readonly ScheduleView[] }
  'POST /api/flag-schedules': { schedule: ScheduleView } // body: { wish, due, why }
  'DELETE /api/flag-schedules/:id': { ok: true } // ?why=
  'GET /api/flag-keys': { keys: readonly FlagKey[] }
  'POST /api/flag-keys': { key: FlagKey; secret: string } // body: { environment, kind, label }
  'DELETE /api/flag-keys/:id': { ok: true }
}

/** What `POST /api/flags/:key/explain` is asked. */
export type ExplainAsked = Readonly<{ environment: string; context: Context }>

/** What the event stream says of flags: `event: flags`. Rules are not told; who wants them asks. */
export type FlagEvent = Readonly<{
  type: 'flags'
  environment: string
  rev: string
  changed: readonly string[]
  removed: readonly string[]
}>
