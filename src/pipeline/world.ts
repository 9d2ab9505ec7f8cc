import type { ChangeId } from '../change/order.ts'
import type { Holder, Store } from '../store/store.ts'
import type { Kind } from './kind.ts'

/** Everything the pipeline needs of the world outside: it has no clock, no disk and no network of its own. */
export type World = Readonly<{
  store: Store
  kinds: ReadonlyMap<string, Kind>
  holder: Holder
  now: () => number
  /** Resolves after `ms`, or at once when aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Tells the rooms; resolves to what could not be told. A room that is down never stops a change. */
  announce: (
    change: ChangeId,
    text: string,
  ) => Promise<readonly Readonly<{ room: string; trouble: string | null }>[]>
}>
