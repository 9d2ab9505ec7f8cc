import type { Change } from '../change/change.ts'
import type { Verdict } from '../change/entry.ts'
import type { Json } from '../change/json.ts'
import type { ChangeId, Order } from '../change/order.ts'
import type { Plan, Stage, Step } from '../change/plan.ts'

/** Tells people what a step prints. `step` groups the lines; secrets are masked before they come here. */
export type Say = (step: string, host: string | null, text: string) => void

/** What a kind gets to plan with. */
export type Desk = Readonly<{ change: ChangeId | null; order: Order; say: Say; signal: AbortSignal }>

/** What a kind gets to run with. `token` fences every program that it sends to a host. */
export type Work = Readonly<{ change: ChangeId; order: Order; plan: Plan; token: number; say: Say }>

export type Watched = Readonly<{ verdict: Verdict; evidence: readonly string[] }>

/** One change being run: it may hold connections between steps, which `close` gives back. */
export type Runner = Readonly<{
  /** Does a step. Throws a TroubleError when it could not; an abort means that another step failed or people stopped it. */
  do: (step: Step, signal: AbortSignal) => Promise<Json>
  /** Puts back what `do` may have done in part, in whole or not at all: it must work for all three, and twice. */
  undo: (step: Step) => Promise<void>
  /** Looks at the target for as long as the stage says. What people have overruled stops nothing any more. */
  watch: (stage: Stage, signal: AbortSignal, isOverruled: () => boolean) => Promise<Watched>
  close: () => Promise<void>
}>

/** One kind of change: the only thing that a fourth one has to bring. */
export type Kind = Readonly<{
  name: string
  /**
   * Its changes may take days, and survive the process that runs them: the next hub goes on where they are. Steps must
   * work twice. Changes of other kinds are undone by whoever takes them up.
   */
  goesOn?: true
  /** Fills in a wish and names its target; throws a TroubleError for a wish that cannot be. */
  accept: (wish: Json) => Promise<Readonly<{ target: string; wish: Json }>>
  /** Looks, and says what would be done. Changes nothing on any host. */
  plan: (desk: Desk) => Promise<Plan>
  run: (work: Work) => Promise<Runner>
  /** The change that a revert takes back on a target when none is named; null when there is none. */
  inForce: (target: string) => Promise<ChangeId | null>
  /** The wish that takes back a finished change. */
  revert: (change: Change) => Promise<Json>
  /** The wish that brings a host which was left behind to where it should be; `null` while it is still away. */
  heal: (change: Change, host: string) => Promise<Json | null>
}>
