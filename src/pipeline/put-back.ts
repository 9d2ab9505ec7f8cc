import type { Happening } from '../change/entry.ts'
import type { Step } from '../change/plan.ts'
import { type Trouble, troubleOf } from '../change/trouble.ts'
import { stepsToSettle, stepsToUndo } from '../change/undo.ts'
import { LeaseLostError } from '../store/store.ts'
import { fence } from './fence.ts'
import { inParallel } from './in-parallel.ts'
import type { Job } from './job.ts'
import { runStep } from './stages.ts'
import type { World } from './world.ts'

const tries = 3
/** A host that is lost has been waited for already. */
const triesWhenLost = 2
const pauseMs = 1_000
const hostsAtOnce = 32

/**
 * Undoes every started step, on each host the newest first; no host waits for another. A step that could not be undone
 * keeps those before it on its host as they are, for they may be all that still runs there. A host that cannot be heard
 * is fenced and left to the healing; other troubles are returned: the change is stuck then.
 */
export async function undoAll(job: Job, happenings: readonly Happening[]): Promise<readonly Trouble[]> {
  const troubles: Trouble[] = []
  const leftAlone = new Set<string>()
  const undo = async (step: Step): Promise<void> => {
    if (step.host !== null && leftAlone.has(step.host)) return
    const trouble = await undoStep(job, step)
    if (trouble === null) return
    if (step.host !== null) leftAlone.add(step.host)
    if (trouble.lost !== true || step.host === null) troubles.push(trouble)
  }
  for (const chains of chainsOf(stepsToUndo(job.plan, happenings))) {
    await inParallel(chains, hostsAtOnce, async (chain) => {
      for (const step of chain) await undo(step)
    })
  }
  return troubles
}

/** Steps by host, each host's in their order; a step of no host waits for all before it, and all after it for that. */
function chainsOf(steps: readonly Step[]): readonly (readonly (readonly Step[])[])[] {
  const first = steps.findIndex(({ host }) => host === null)
  if (first === -1) return [[...Map.groupBy(steps, ({ host }) => host).values()]]
  const [before, alone, after] = [
    steps.slice(0, first),
    steps.slice(first, first + 1),
    steps.slice(first + 1),
  ]
  return [...chainsOf(before), [alone], ...chainsOf(after)]
}

async function undoStep({ world, pen, runner }: Job, step: Step): Promise<Trouble | null> {
  await pen.write({ type: 'undo-started', step: step.id })
  const trouble = await attempt(world, tries, () => runner.undo(step))
  if (trouble === null) {
    await pen.write({ type: 'undo-done', step: step.id })
    return null
  }
  await pen.write({ type: 'undo-failed', step: step.id, trouble })
  if (trouble.lost === true && step.host !== null) await fence(world, pen, step.host, trouble.what)
  return trouble
}

/**
 * Runs what is left to settle, one action after the other, all hosts of an action at once. A host that does not follow
 * is fenced, for the change itself is decided. What cannot be undone, like a hook, is not tried twice, and when it
 * fails its host is as it should be all the same.
 */
export async function settleAll(job: Job, happenings: readonly Happening[]): Promise<void> {
  const left = Map.groupBy(stepsToSettle(job.plan, happenings), (step) => step.action)
  for (const steps of left.values()) await inParallel(steps, hostsAtOnce, (step) => settle(job, step))
}

async function settle(job: Job, step: Step): Promise<void> {
  const { world, pen } = job
  const never = new AbortController().signal
  const isOnce = step.cannotUndo !== null
  const trouble = await attempt(world, isOnce ? 1 : tries, () => runStep(job, step, never))
  if (trouble === null) return
  const isLost = trouble.lost === true && step.host !== null
  if (!isLost) await pen.write({ type: 'note', text: `${step.id} failed: ${trouble.what}` })
  if (step.host !== null && (isLost || !isOnce)) await fence(world, pen, step.host, trouble.what)
}

async function attempt(world: World, most: number, work: () => Promise<void>): Promise<Trouble | null> {
  const never = new AbortController().signal
  for (let nth = 1; ; nth++) {
    try {
      await work()
      return null
    } catch (thrown) {
      if (thrown instanceof LeaseLostError) throw thrown
      const trouble = troubleOf(thrown)
      if (nth >= Math.min(most, trouble.lost === true ? triesWhenLost : tries)) return trouble
      await world.sleep(pauseMs, never)
    }
  }
}
