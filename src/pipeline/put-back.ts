import type { Happening } from '../change/entry.ts'
import type { Plan, Step } from '../change/plan.ts'
import { type Trouble, troubleOf } from '../change/trouble.ts'
import { stepsToSettle, stepsToUndo } from '../change/undo.ts'
import { LeaseLostError } from '../store/store.ts'
import { fence } from './fence.ts'
import { inParallel } from './in-parallel.ts'
import type { Job } from './job.ts'
import { runStep } from './stages.ts'
import type { World } from './world.ts'

const tries = 3
const pauseMs = 1_000
const hostsAtOnce = 32

/**
 * Undoes every started step, newest stage first, all hosts of a stage at once. A host that cannot be heard is fenced;
 * the troubles of steps that cannot be undone otherwise are returned: the change is stuck then.
 */
export async function undoAll(job: Job, happenings: readonly Happening[]): Promise<readonly Trouble[]> {
  const troubles: Trouble[] = []
  for (const group of byStage(job.plan, stepsToUndo(job.plan, happenings))) {
    await inParallel(group, hostsAtOnce, async (step) => {
      const trouble = await undoStep(job, step)
      if (trouble !== null) troubles.push(trouble)
    })
  }
  return troubles
}

/** Steps of one stage may be undone together; a later stage is always undone before an earlier one. */
function byStage(plan: Plan, steps: readonly Step[]): readonly (readonly Step[])[] {
  const stageOf = (step: Step): number =>
    plan.stages.findIndex(({ steps }) => steps.some(({ id }) => id === step.id))
  const groups = [...Map.groupBy(steps, stageOf).entries()]
  return groups.toSorted(([a], [b]) => b - a).map(([, group]) => group)
}

async function undoStep({ world, pen, runner }: Job, step: Step): Promise<Trouble | null> {
  await pen.write({ type: 'undo-started', step: step.id })
  const trouble = await attempt(world, () => runner.undo(step))
  if (trouble === null) {
    await pen.write({ type: 'undo-done', step: step.id })
    return null
  }
  await pen.write({ type: 'undo-failed', step: step.id, trouble })
  if (trouble.lost !== true || step.host === null) return trouble
  await fence(world, pen, step.host, trouble.what)
  return null
}

/**
 * Runs what is left to settle, one action after the other, all hosts of an action at once. A host that does not follow
 * is fenced, for the change itself is decided.
 */
export async function settleAll(job: Job, happenings: readonly Happening[]): Promise<void> {
  const left = Map.groupBy(stepsToSettle(job.plan, happenings), (step) => step.action)
  for (const steps of left.values()) await inParallel(steps, hostsAtOnce, (step) => settle(job, step))
}

async function settle(job: Job, step: Step): Promise<void> {
  const { world, pen } = job
  const never = new AbortController().signal
  const trouble = await attempt(world, () => runStep(job, step, never))
  if (trouble === null) return
  if (step.host === null || trouble.lost !== true)
    await pen.write({ type: 'note', text: `${step.id} failed: ${trouble.what}` })
  if (step.host !== null) await fence(world, pen, step.host, trouble.what)
}

async function attempt(world: World, work: () => Promise<void>): Promise<Trouble | null> {
  const never = new AbortController().signal
  for (let nth = 1; ; nth++) {
    try {
      await work()
      return null
    } catch (thrown) {
      if (thrown instanceof LeaseLostError) throw thrown
      if (nth === tries) return troubleOf(thrown)
      await world.sleep(pauseMs, never)
    }
  }
}
