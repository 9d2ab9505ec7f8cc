import type { Step } from '../change/plan.ts'
import type { Runner, Work } from '../pipeline/kind.ts'
import type { Bench, RunnerWorld } from './bench.ts'
import type { Deployment } from './deployment.ts'
import { type FilesByOrigin, once, prepare, stage, start, unprepare } from './prepare-step.ts'
import { confirm, type Held, switchBack, switchOver, watchStage } from './switch-step.ts'

/** Runs the steps of one deploy. */
export function runDeploy(world: RunnerWorld, work: Work): Runner {
  const bench: Bench = { world, work, deployment: work.plan.outcome as unknown as Deployment }
  const held: Held = new Map()
  const files: FilesByOrigin = new Map()
  return {
    do: async (step, signal) => {
      await doStep(bench, { held, files }, step, signal)
      return null
    },
    undo: async (step) => {
      if (['files', 'prepare', 'start'].includes(step.action)) await unprepare(bench, step)
      if (step.action === 'switch') await switchBack(bench, held, step)
    },
    watch: (stage, signal) => watchStage(held, stage, signal),
    close: async () => {
      for (const { beat } of held.values()) clearInterval(beat)
    },
  }
}

type Hand = Readonly<{ held: Held; files: FilesByOrigin }>

function doStep(bench: Bench, { held, files }: Hand, step: Step, signal: AbortSignal): Promise<void> {
  const { migrate, hooks } = bench.deployment.spec
  const run = (what: string, command: string | null): Promise<void> =>
    once(bench, step, { what, command: command ?? 'true' }, signal)
  switch (step.action) {
    case 'prepare':
      return prepare(bench, files, step, signal)
    case 'files':
      return stage(bench, files, step, signal)
    case 'start':
      return start(bench, step, signal)
    case 'migrate':
      return run('the migration', migrate)
    case 'before':
      return run('the hook before', hooks.before)
    case 'after':
      return run('the hook after', hooks.after)
    case 'switch':
      return switchOver(bench, held, step)
    case 'confirm':
      return confirm(bench, held, step)
    default:
      throw new Error(`a deploy has no step ${step.action}`)
  }
}
