import type { PlanLine } from '../../change/plan.ts'
import type { Act } from './op.ts'
import type { State } from './state.ts'

/** One act of a thing, and what people read of it. */
export type Move = Readonly<{
  act: Act
  mark: '+' | '~' | '-'
  lines: readonly PlanLine[]
  cannotUndo: string | null
}>

/** Bytes that an act names by a digest, and that travel with the program. */
export type Sent = Readonly<{ sha256: string; bytes: Uint8Array }>

/** What a thing comes to, given what will be there when its turn comes. */
export type Turn = Readonly<
  | { type: 'right'; notes: readonly string[] }
  | {
      type: 'moves'
      moves: readonly Move[]
      after: State
      sent: readonly Sent[]
      /** What a person should know before saying yes. */
      notes: readonly string[]
      /** What cannot be known before it is done, and why. */
      unknown: string | null
    }
  /** It depends on what earlier operations bring: planned once they are done. */
  | { type: 'later'; why: string }
  | { type: 'trouble'; what: string; now: string }
>

export const right: Extract<Turn, { type: 'right' }> = { type: 'right', notes: [] }

/** The usual outcome: moves, and nothing else to say. */
export function moved(moves: readonly Move[], after: State, more: Partial<MoreOf> = {}): Turn {
  return { type: 'moves', moves, after, sent: [], notes: [], unknown: null, ...more }
}

type MoreOf = Pick<Extract<Turn, { type: 'moves' }>, 'sent' | 'notes' | 'unknown'>
