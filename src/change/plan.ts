import type { Json } from './json.ts'

/** One line of what a person reads before saying yes: `+` comes, `-` goes, `~` is altered, ` ` stays. */
export type PlanLine = Readonly<{ mark: '+' | '-' | '~' | ' '; text: string }>

/** One thing done to one host (or to none): its *do* and *undo* are looked up by `action`, so a crashed run resumes. */
export type Step = Readonly<{
  /** Unique in its plan: `switch h1`. */
  id: string
  action: string
  host: string | null
  input: Json
  /** Said before the change is made; `null` when the step is undone like any other. */
  cannotUndo: string | null
}>

/** How long the guard looks at the target after a stage, and whether no data stops it. */
export type Watch = Readonly<{ forMs: number }>

export type Stage = Readonly<{
  name: string
  steps: readonly Step[]
  /** How many of its steps may run at one time. */
  atOnce: number
  watch: Watch | null
}>

/**
 * What a change will do, whole: stages in order, then the settling steps. Until every stage is done the change can
 * only be undone; once `decided` is in the ledger it can only be finished, and settling steps are tried again until
 * they succeed or their host is fenced.
 */
export type Plan = Readonly<{
  title: string
  lines: readonly PlanLine[]
  warnings: readonly string[]
  stages: readonly Stage[]
  settle: readonly Step[]
  /** Hosts that could not be reached while planning; they are healed when they return. */
  fenced: readonly string[]
  /** What the kind needs to know of this change later: to revert it, to heal a host. */
  outcome: Json
}>

/** Every step of a plan, in the order in which it would run. */
export function stepsOf(plan: Plan): readonly Step[] {
  return [...plan.stages.flatMap((stage) => stage.steps), ...plan.settle]
}
