import type { Entry, Verdict } from '../../change/entry.ts'
import type { Plan, Stage, Step } from '../../change/plan.ts'

export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'undoing' | 'undone' | 'undo failed'
export type StageState = 'waiting' | 'running' | 'watching' | 'done' | 'failed' | 'undone' | 'not reached'

export type StepProgress = Readonly<{
  step: Step
  state: StepState
  /** It failed when it was done, whatever became of it since. */
  hasFailed: boolean
  startedAt: number | null
  endedAt: number | null
}>

export type Watched = Readonly<{ verdict: Verdict; evidence: readonly string[]; at: number }>

export type StageProgress = Readonly<{
  name: string
  state: StageState
  steps: readonly StepProgress[]
  watchForMs: number | null
  watched: readonly Watched[]
}>

/** How far each stage of a plan is, by the entries of its change (oldest first). The settling steps come last. */
export function stagesOf(plan: Plan, entries: readonly Entry[]): readonly StageProgress[] {
  const steps = stepsBy(entries)
  const settle: Stage = { name: 'settle', steps: plan.settle, atOnce: 1, watch: null }
  const stages = plan.settle.length === 0 ? plan.stages : [...plan.stages, settle]
  return stages.map((stage) => progressOf(stage, steps, entries))
}

type Seen = Omit<StepProgress, 'step'>

function stepsBy(entries: readonly Entry[]): ReadonlyMap<string, Seen> {
  const steps = new Map<string, Seen>()
  const begin = (entry: Entry & { step: string }, state: StepState) => {
    const hasFailed = steps.get(entry.step)?.hasFailed ?? false
    steps.set(entry.step, { state, hasFailed, startedAt: entry.at, endedAt: null })
  }
  const end = (entry: Entry & { step: string }, state: StepState) => {
    const before = steps.get(entry.step)
    const hasFailed = state === 'failed' || (before?.hasFailed ?? false)
    steps.set(entry.step, { state, hasFailed, startedAt: before?.startedAt ?? entry.at, endedAt: entry.at })
  }
  for (const entry of entries) {
    if (entry.type === 'step-started') begin(entry, 'running')
    if (entry.type === 'step-done') end(entry, 'done')
    if (entry.type === 'step-failed') end(entry, 'failed')
    if (entry.type === 'undo-started') begin(entry, 'undoing')
    if (entry.type === 'undo-done') end(entry, 'undone')
    if (entry.type === 'undo-failed') end(entry, 'undo failed')
  }
  return steps
}

function progressOf(stage: Stage, seen: ReadonlyMap<string, Seen>, entries: readonly Entry[]): StageProgress {
  const steps = stage.steps.map((step): StepProgress => {
    const known = seen.get(step.id)
    return known === undefined
      ? { step, state: 'waiting', hasFailed: false, startedAt: null, endedAt: null }
      : { step, ...known }
  })
  const watched = entries.flatMap((entry) =>
    entry.type === 'watched' && entry.stage === stage.name
      ? [{ verdict: entry.verdict, evidence: entry.evidence, at: entry.at }]
      : [],
  )
  const isClosed = entries.some((entry) => entry.type === 'stage-done' && entry.stage === stage.name)
  const isGivenUp = entries.some((entry) => entry.type === 'decided' && entry.to === 'undo')
  const seenState = stageState(steps, isClosed, stage.watch !== null)
  const state = isGivenUp && seenState === 'waiting' ? 'not reached' : seenState
  return { name: stage.name, state, steps, watchForMs: stage.watch?.forMs ?? null, watched }
}

function stageState(steps: readonly StepProgress[], isClosed: boolean, isWatched: boolean): StageState {
  const has = (...states: readonly StepState[]) => steps.some((step) => states.includes(step.state))
  if (steps.some(({ hasFailed, state }) => hasFailed || state === 'undo failed')) return 'failed'
  if (has('undoing', 'undone')) return 'undone'
  const isDone = steps.every((step) => step.state === 'done')
  if (isDone && (isClosed || (!isWatched && steps.length > 0))) return 'done'
  if (isDone && steps.length > 0) return 'watching'
  return has('running', 'done') ? 'running' : 'waiting'
}

/** The hosts of a stage, in the order of its plan; `null` stands for steps that touch no host. */
export function hostsOf(stage: StageProgress): readonly (string | null)[] {
  return [...new Set(stage.steps.map(({ step }) => step.host))]
}
