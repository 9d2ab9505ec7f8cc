import type { Happening } from '../change/entry.ts'
import type { Plan, Stage, Step } from '../change/plan.ts'
import { type Trouble, TroubleError, troubleOf } from '../change/trouble.ts'
import { LeaseLostError } from '../store/store.ts'
import { inParallel } from './in-parallel.ts'
import type { Job } from './job.ts'
import type { Runner } from './kind.ts'
import type { Pen } from './pen.ts'

/** Thrown where a change is left as it is, open and under its lease: the next process goes on with it. */
export class LeftOpenError extends Error {}

/** What people may do to a change while it runs. `letGo`: one that waits is left where it is, for the next process. */
export type Hands = Readonly<{ stop: AbortSignal; letGo: AbortSignal; isOverruled: () => boolean }>

/** What is run: `before` is what has happened to it already, when another process had begun. `goesOn` as its kind says. */
export type Running = Readonly<{
  pen: Pen
  plan: Plan
  runner: Runner
  before: readonly Happening[]
  goesOn: boolean
}>

/** Runs the stages in order. Throws the first trouble, after everything that was running has come to rest. */
export async function runStages(running: Running, hands: Hands): Promise<void> {
  const { pen, plan, before } = running
  for (const stage of plan.stages) {
    if (before.some((one) => one.type === 'stage-done' && one.stage === stage.name)) continue
    if (hands.stop.aborted) throw stopped(hands.stop)
    await pen.write({ type: 'stage-started', stage: stage.name })
    await runSteps(running, stage, hands.stop)
    if (stage.watch !== null) await watch(running, stage, hands)
    await pen.write({ type: 'stage-done', stage: stage.name })
  }
  if (hands.stop.aborted) throw stopped(hands.stop)
}

async function runSteps({ pen, runner, before }: Running, stage: Stage, stop: AbortSignal): Promise<void> {
  const failure = new AbortController()
  const signal = AbortSignal.any([failure.signal, stop])
  const troubles: unknown[] = []
  const done = before.flatMap((one) => (one.type === 'step-done' ? [one.step] : []))
  const left = stage.steps.filter(({ id }) => !done.includes(id))
  await inParallel(left, stage.atOnce, async (step) => {
    if (signal.aborted) return
    try {
      await runStep({ pen, runner }, step, signal)
    } catch (thrown) {
      troubles.push(thrown)
      failure.abort()
    }
  })
  const lost = troubles.find((thrown) => thrown instanceof LeaseLostError)
  if (lost !== undefined) throw lost
  if (stop.aborted) throw stopped(stop)
  if (troubles.length > 0) throw troubles[0]
}

/** Runs one step between its two entries; a failure is in the ledger before it is thrown. */
export async function runStep(
  { pen, runner }: Pick<Job, 'pen' | 'runner'>,
  step: Step,
  signal: AbortSignal,
): Promise<void> {
  await pen.write({ type: 'step-started', step: step.id })
  try {
    const result = await runner.do(step, signal)
    await pen.write({ type: 'step-done', step: step.id, result })
  } catch (thrown) {
    if (thrown instanceof LeaseLostError) throw thrown
    await pen.write({ type: 'step-failed', step: step.id, trouble: troubleOf(thrown) })
    throw thrown
  }
}

async function watch({ pen, runner, before, goesOn }: Running, stage: Stage, hands: Hands): Promise<void> {
  const isWell = (one: Happening) =>
    one.type === 'watched' && one.stage === stage.name && one.verdict !== 'harmful'
  if (before.some(isWell)) return
  const end = goesOn ? AbortSignal.any([hands.stop, hands.letGo]) : hands.stop
  const isOverruled = () => hands.isOverruled() || before.some(({ type }) => type === 'overruled')
  const { verdict, evidence } = await runner.watch(stage, end, isOverruled)
  if (hands.stop.aborted) throw stopped(hands.stop)
  if (end.aborted) throw new LeftOpenError(`${pen.change} is left to the next hub`)
  await pen.write({ type: 'watched', stage: stage.name, verdict, evidence })
  if (verdict !== 'harmful' || isOverruled()) return
  throw new TroubleError({
    what: `the stage ${stage.name} did harm: ${evidence[0] ?? 'see its evidence'}`,
    tail: evidence,
    now: 'mend the release and deploy again; `tandem overrule` lets a stage pass all the same',
  })
}

function stopped(stop: AbortSignal): TroubleError {
  const asked: Trouble = {
    what: `stopped by ${String(stop.reason)}`,
    now: 'what it had started is put back; order it again when ready',
  }
  return new TroubleError(asked)
}
