import type { Entry } from '../../change/entry.ts'
import { type Plan, type Stage, type Step, stepsOf } from '../../change/plan.ts'
import { planOf } from '../../change/undo.ts'

export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'undoing' | 'undone'
export type StepView = Readonly<{ step: Step; state: StepState; since: number | null }>
export type StageView = Readonly<{
  name: string
  state: 'waiting' | 'running' | 'done' | 'undone'
  verdict: string | null
  /** Since when it is only being watched, and for how long it will be; `null` if it is not. */
  watch: Readonly<{ since: number; forMs: number }> | null
}>

/** Where a change stands, step by step, read out of its entries. */
export type Progress = Readonly<{
  plan: Plan | null
  steps: readonly StepView[]
  stages: readonly StageView[]
  isUndoing: boolean
}>

export function progressOf(entries: readonly Entry[]): Progress {
  const plan = planOf(entries)
  const states = stepStates(entries)
  return {
    plan,
    steps: (plan === null ? [] : stepsOf(plan)).map((step) => ({
      step,
      state: states.get(step.id)?.state ?? 'waiting',
      since: states.get(step.id)?.since ?? null,
    })),
    stages: plan === null ? [] : stagesOf(plan, entries),
    isUndoing: entries.some((entry) => entry.type === 'decided' && entry.to === 'undo'),
  }
}

function stepStates(entries: readonly Entry[]): ReadonlyMap<string, { state: StepState; since: number }> {
  const states = new Map<string, { state: StepState; since: number }>()
  for (const entry of entries) {
    const state = stateAfter(entry)
    if (state !== null) states.set(state.step, { state: state.state, since: entry.at })
  }
  return states
}

function stateAfter(entry: Entry): Readonly<{ step: string; state: StepState }> | null {
  if (entry.type === 'step-started') return { step: entry.step, state: 'running' }
  if (entry.type === 'step-done') return { step: entry.step, state: 'done' }
  if (entry.type === 'step-failed') return { step: entry.step, state: 'failed' }
  if (entry.type === 'undo-started') return { step: entry.step, state: 'undoing' }
  if (entry.type === 'undo-done') return { step: entry.step, state: 'undone' }
  if (entry.type === 'undo-failed') return { step: entry.step, state: 'failed' }
  return null
}

function stagesOf(plan: Plan, entries: readonly Entry[]): readonly StageView[] {
  const isUndoing = entries.some((entry) => entry.type === 'decided' && entry.to === 'undo')
  const stages = plan.stages.map((stage): StageView => {
    const own = entries.filter((entry) => 'stage' in entry && entry.stage === stage.name)
    const isDone = own.some((entry) => entry.type === 'stage-done')
    const watched = own.findLast((entry) => entry.type === 'watched')
    const state = own.length === 0 ? 'waiting' : isUndoing ? 'undone' : isDone ? 'done' : 'running'
    const watch = watched === undefined && state === 'running' ? watchOf(stage, entries) : null
    return { name: stage.name, state, verdict: watched?.verdict ?? null, watch }
  })
  return plan.settle.length === 0 ? stages : [...stages, settling(entries)]
}

/** A stage is watched from the moment its last step is done. */
function watchOf(stage: Stage, entries: readonly Entry[]): StageView['watch'] {
  const ids = new Set(stage.steps.map(({ id }) => id))
  const done = entries.filter((entry) => entry.type === 'step-done' && ids.has(entry.step))
  const last = done.at(-1)
  if (stage.watch === null || last === undefined || done.length < ids.size) return null
  return { since: last.at, forMs: stage.watch.forMs }
}

function settling(entries: readonly Entry[]): StageView {
  const isRunning = entries.some((entry) => entry.type === 'decided' && entry.to === 'finish')
  const isDone = entries.some((entry) => entry.type === 'finished')
  return {
    name: 'settle',
    state: isDone ? 'done' : isRunning ? 'running' : 'waiting',
    verdict: null,
    watch: null,
  }
}

/** What a step does, without the host that people see beside it. */
export function stepName(step: Pick<Step, 'id' | 'host'>): string {
  if (step.host === null || !step.id.endsWith(` ${step.host}`)) return step.id
  return step.id.slice(0, -step.host.length - 1)
}
