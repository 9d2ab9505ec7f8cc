import type { Happening } from './entry.ts'
import { type Plan, type Step, stepsOf } from './plan.ts'

/** The steps to undo, newest first: every one that was started and is not undone yet, done or not, save what cannot be. */
export function stepsToUndo(plan: Plan, happenings: readonly Happening[]): readonly Step[] {
  const started = new Map<string, number>()
  happenings.forEach((happening, index) => {
    if (happening.type === 'step-started') started.set(happening.step, index)
    if (happening.type === 'undo-done') started.delete(happening.step)
  })
  return stepsOf(plan)
    .filter((step) => started.has(step.id) && step.cannotUndo === null)
    .toSorted((a, b) => (started.get(b.id) ?? 0) - (started.get(a.id) ?? 0))
}

/** The settling steps that are still to be done. */
export function stepsToSettle(plan: Plan, happenings: readonly Happening[]): readonly Step[] {
  const done = new Set(
    happenings.flatMap((happening) => (happening.type === 'step-done' ? [happening.step] : [])),
  )
  return plan.settle.filter((step) => !done.has(step.id))
}

/** The plan a change was recorded with, if it got that far. */
export function planOf(happenings: readonly Happening[]): Plan | null {
  for (const happening of happenings) if (happening.type === 'planned') return happening.plan
  return null
}

/** Whether a plan does anything that can be taken back: looking, and commands that nobody knows the opposite of, cannot. */
export function hasWayBack(plan: Plan): boolean {
  return plan.stages.some((stage) => stage.steps.some((step) => step.cannotUndo === null))
}
