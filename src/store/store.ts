import type { Entry, Happening } from '../change/entry.ts'
import type { Aside, Occurrence, Written } from '../change/occurrence.ts'
import type { ChangeId, Order } from '../change/order.ts'
import type { Status } from '../change/status.ts'
import type { Runs } from './runs.ts'

/** Thrown by an append whose lease another process holds by now: the writer must stop at once. */
export class LeaseLostError extends Error {
  constructor(target: string, token: number) {
    super(`the lease on ${target} with token ${token} is held by another process by now`)
    this.name = 'LeaseLostError'
  }
}

/** The right to write to a change: the lease of its target as it was given. */
export type Lease = Readonly<{ target: string; change: ChangeId; token: number }>

/** A process that can hold leases. Its beat says it lives; `pid`, `started` and `boot` say so faster on one machine. */
export type Holder = Readonly<{ pid: number; started: number; boot: string; kind: 'hub' | 'cli' }>

/** A time that is looked through, both ends included; milliseconds since the Unix epoch. Of too many, the newest. */
export type Span = Readonly<{ fromMs: number; toMs: number; limit: number }>

/** A change as graphs mark it: all that can be told of it without reading its entries. */
export type ChangeMark = Readonly<{
  id: ChangeId
  order: Order
  status: Status
  /** Of its plan; null while there is none. */
  title: string | null
  orderedAt: number
  /** When its first stage began; null as long as nothing was touched. */
  startedAt: number | null
  endedAt: number | null
  revertedBy: ChangeId | null
}>

/** The append-only, hash-chained record. Every append is on disk when its promise resolves. */
export type Ledger = Readonly<{
  /** Writes the `ordered` entry, gives the change its id and its place in the line of its target. */
  order: (order: Order, at: number, holder: Holder) => Promise<ChangeId>
  /** Appends in one transaction; with a lease, only while that lease is current (else `LeaseLostError`). */
  append: (
    change: ChangeId,
    happenings: readonly Happening[],
    at: number,
    lease: Lease | null,
  ) => Promise<void>
  /** Writes down what belongs to no change; `about` is a repository, or the target that is held. */
  record: (about: string, occurrence: Occurrence, at: number) => Promise<void>
  /**
   * As `record`, unless the newest asides about the same, at most 200 and newest first, tell of it already. Nobody writes
   * between that look and the writing.
   */
  recordUnless: (
    about: string,
    occurrence: Occurrence,
    at: number,
    isTold: (newest: readonly Aside[]) => boolean,
  ) => Promise<void>
  /** Everything after `seq`, oldest first, at most `limit`: entries of changes, and asides. */
  since: (seq: number, limit: number) => Promise<readonly Written[]>
  /** Asides, newest first, before the one with the number `before` (or from the newest), about one thing or all. */
  asides: (
    query: Readonly<{ about: string | null; before: number | null; limit: number }>,
  ) => Promise<readonly Aside[]>
  of: (change: ChangeId) => Promise<readonly Entry[]>
  /** What `of` says of each of these changes, in their order, by one look. */
  ofMany: (changes: readonly ChangeId[]) => Promise<readonly (readonly Entry[])[]>
  /** Ids of changes, newest first, ordered before `before` (or from the newest), of one target or all. */
  changes: (
    query: Readonly<{ target: string | null; before: ChangeId | null; limit: number }>,
  ) => Promise<readonly ChangeId[]>
  /** Ids of changes whose last entry does not end them, oldest first. */
  open: () => Promise<readonly ChangeId[]>
  /** The finished change that names this one as reverted. */
  revertedBy: (change: ChangeId) => Promise<ChangeId | null>
  /** Changes that were under way in a span, from their order to their end, newest first. */
  marks: (span: Span) => Promise<readonly ChangeMark[]>
  /** What other systems marked in a span, newest first. */
  marked: (span: Span) => Promise<readonly Aside[]>
  lastSeq: () => Promise<number>
  /** Walks the whole chain. `bad` names the first entry that does not fit, and why. */
  verify: () => Promise<
    Readonly<{ entries: number; head: string; bad: Readonly<{ seq: number; why: string }> | null }>
  >
}>

export type Place = Readonly<{ change: ChangeId; target: string; who: string; why: string; since: number }>

/** What holds a target and who waits for it, first come first served. */
export type Line = Readonly<{
  target: string
  holder: (Place & Readonly<{ token: number }>) | null
  waiting: readonly Place[]
}>

export type Leases = Readonly<{
  /**
   * Takes the lease if this change is the first living one in line and the target is free; `null` = not yet. Waiting
   * changes whose holder is dead are passed by. A dead holder whose change is still open keeps the target: it is half
   * changed, and has to be taken over and brought to an end first.
   */
  take: (change: ChangeId, holder: Holder, at: number) => Promise<Lease | null>
  /** Takes over the lease of an open change whose holder is dead, with a higher token; `null` = it lives. */
  takeOver: (change: ChangeId, holder: Holder, at: number) => Promise<Lease | null>
  /** Says that this holder lives. Leases and places of a holder without a beat for 12 s are free to take over. */
  beat: (holder: Holder, at: number) => Promise<void>
  /** Takes the place of an open change that waits for its lease and whose holder is dead; `false` = it lives. */
  adopt: (change: ChangeId, holder: Holder, at: number) => Promise<boolean>
  /** Open changes, waiting or leased, that nobody alive holds, oldest first: to take over, adopt or withdraw. */
  orphans: (at: number) => Promise<readonly ChangeId[]>
  /**
   * Gives the lease back and leaves the line. The lease of an open change is given back only by the store that was
   * given it, while it is current: a process that lost its lease cannot take the target from its successor.
   */
  release: (change: ChangeId) => Promise<void>
  lines: () => Promise<readonly Line[]>
}>

export type LogLine = Readonly<{
  seq: number
  change: ChangeId
  at: number
  step: string
  host: string | null
  text: string
}>

/** What steps print while they run. Kept for people, bounded, not part of the ledger. */
export type StepLog = Readonly<{
  append: (lines: readonly Omit<LogLine, 'seq'>[]) => Promise<void>
  of: (change: ChangeId, after: number, limit: number) => Promise<readonly LogLine[]>
  since: (seq: number, limit: number) => Promise<readonly LogLine[]>
  lastSeq: () => Promise<number>
}>

export type May = 'everything' | 'look'
export type Token = Readonly<{
  id: string
  person: string
  label: string
  createdAt: number
  expiresAt: number | null
  lastUsedAt: number | null
}>

/** What is left of a token whose time is over. */
export type Expired = Readonly<{ expiredAt: number }>

/** Tokens of people, hashed at rest. */
export type Tokens = Readonly<{
  /** Makes a token; the secret is returned this once and kept nowhere. */
  create: (
    person: string,
    label: string,
    at: number,
    expiresAt: number | null,
  ) => Promise<Readonly<{ token: Token; secret: string }>>
  /** Who holds this secret: the token, when it expired, or null for one that was never made or is revoked. */
  check: (secret: string, at: number) => Promise<Token | Expired | null>
  revoke: (id: string) => Promise<boolean>
  list: () => Promise<readonly Token[]>
}>

/** Small named values that kinds keep: built releases, desired states. JSON in, JSON out. */
export type Records = Readonly<{
  /** `undefined` where nothing was put. */
  get: (room: string, key: string) => Promise<unknown>
  put: (room: string, key: string, value: unknown) => Promise<void>
  remove: (room: string, key: string) => Promise<void>
  list: (room: string) => Promise<readonly Readonly<{ key: string; value: unknown }>[]>
}>

export type Store = Readonly<{
  ledger: Ledger
  leases: Leases
  log: StepLog
  tokens: Tokens
  records: Records
  runs: Runs
  /** Changes whenever another process or this one has written: a cheap look before reading. */
  pulse: () => number
  close: () => Promise<void>
}>
