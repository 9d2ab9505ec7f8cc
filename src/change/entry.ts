import type { Json } from './json.ts'
import type { ChangeId, Order } from './order.ts'
import type { Plan } from './plan.ts'
import type { Trouble } from './trouble.ts'

export type Verdict = 'healthy' | 'harmful' | 'no data'

/** What can happen to a change. A change's status is computed from these and stored nowhere else. */
export type Happening =
  | Readonly<{ type: 'ordered'; order: Order }>
  | Readonly<{ type: 'leased'; token: number }>
  | Readonly<{ type: 'planned'; plan: Plan }>
  | Readonly<{ type: 'announced'; room: string; text: string; trouble: string | null }>
  | Readonly<{ type: 'stage-started'; stage: string }>
  | Readonly<{ type: 'step-started'; step: string }>
  | Readonly<{ type: 'step-done'; step: string; result: Json }>
  | Readonly<{ type: 'step-failed'; step: string; trouble: Trouble }>
  | Readonly<{ type: 'watched'; stage: string; verdict: Verdict; evidence: readonly string[] }>
  | Readonly<{ type: 'stage-done'; stage: string }>
  | Readonly<{ type: 'stop-asked'; who: string; door: string }>
  | Readonly<{ type: 'overruled'; who: string; why: string }>
  | Readonly<{ type: 'decided'; to: 'finish' | 'undo'; why: string }>
  | Readonly<{ type: 'undo-started'; step: string }>
  | Readonly<{ type: 'undo-done'; step: string }>
  | Readonly<{ type: 'undo-failed'; step: string; trouble: Trouble }>
  | Readonly<{ type: 'fenced'; host: string; why: string }>
  | Readonly<{ type: 'healed'; host: string; by: ChangeId }>
  | Readonly<{ type: 'resumed'; why: string }>
  | Readonly<{ type: 'note'; text: string }>
  | Readonly<{ type: 'refused'; trouble: Trouble }>
  | Readonly<{ type: 'withdrawn'; who: string; why: string }>
  | Readonly<{ type: 'finished' }>
  | Readonly<{ type: 'undone'; trouble: Trouble }>
  | Readonly<{ type: 'stuck'; trouble: Trouble }>

/** One line of the ledger. `hash` covers `prev` and everything else, see docs/formats/ledger.md. */
export type Entry = Happening &
  Readonly<{
    seq: number
    change: ChangeId
    /** Milliseconds since the Unix epoch, by the hub's clock. */
    at: number
    prev: string
    hash: string
  }>
