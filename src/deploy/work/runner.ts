import type { Json } from '../../change/json.ts'
import type { Step } from '../../change/plan.ts'
import type { Runner, Work } from '../../pipeline/kind.ts'
import type { Bench, RunnerWorld } from './bench.ts'
import type { Deployment } from '../deployment.ts'
import { fallSilent, newHeld } from './held.ts'
import { bringFiles, type Hand, once, prepare, start, unprepare } from './prepare-step.ts'
import { confirm, switchBack, switchOver, watchStage } from './switch-step.ts'

/** Runs the steps of one deploy. */
export function runDeploy(world: RunnerWorld, work: Work): Runner {
  const bench: Bench = { world, work, deployment: work.plan.outcome as unknown as Deployment }
  const hand: Hand = { held: newHeld(), files: new Map() }
  return {
    do: (step, signal) => doStep(bench, hand, step, signal),
    undo: async (step) => {
      if (['files', 'prepare', 'start'].includes(step.action)) await unprepare(bench, hand, step)
      if (step.action === 'switch') await switchBack(bench, hand.held, step)
    },
    watch: (stage, signal) => watchStage(hand.held, stage, signal),
    close: async () => fallSilent(hand.held),
  }
}

/** What a step has found out, for the ledger. */
async function doStep(bench: Bench, hand: Hand, step: Step, signal: AbortSignal): Promise<Json> {
  const { migrate, hooks } = bench.deployment.spec
  const run = (what: string, command: string | null): Promise<null> =>
    once(bench, step, { what, command: command ?? 'true' }, signal).then(() => null)
  switch (step.action) {
    case 'prepare':
      return prepare(bench, hand, step, signal)
    case 'files':
      return bringFiles(bench, hand, step, signal)
    case 'start':
      await start(bench, hand, step, signal)
      return null
    case 'migrate':
      return run('the migration', migrate)
    case 'before':
      return run('the hook before', hooks.before)
    case 'after':
      return run('the hook after', hooks.after)
    case 'switch':
      await switchOver(bench, hand.held, step)
      return null
    case 'confirm':
      await confirm(bench, hand.held, step)
      return null
    default:
      throw new Error(`a deploy has no step ${step.action}`)
  }
}
