import type { Json } from '../../change/json.ts'
import type { Step } from '../../change/plan.ts'
import type { Runner } from '../../pipeline/kind.ts'
import { applyOn } from './apply-step.ts'
import { keepApplied } from '../applied.ts'
import type { Bench } from './bench.ts'
import { outcomeOf } from '../outcome.ts'
import { runOn } from './run-step.ts'
import { putBackLeft, undoOn } from './undo-step.ts'

/** Runs the steps of one change of the infrastructure. */
export function runInfra(bench: Bench): Runner {
  const { work, stash } = bench
  return {
    do: (step, signal) => doStep(bench, step, signal),
    undo: (step) => (step.action === 'apply' ? undoOn(bench, step) : Promise.resolve()),
    watch: async () => ({ verdict: 'no data', evidence: ['no metrics are watched for the infrastructure'] }),
    close: async () => {
      for (const key of stash.keys()) if (key.startsWith(`${work.change} `)) stash.delete(key)
    },
  }
}

async function doStep(bench: Bench, step: Step, signal: AbortSignal): Promise<Json> {
  switch (step.action) {
    case 'apply':
      return applyOn(bench, step, signal)
    case 'run':
      return runOn(bench, step, signal)
    case 'put back':
      await putBackLeft(bench, step, undoneChange(bench))
      return null
    case 'keep':
      await keepApplied(bench.world.store, bench.work.change, outcomeOf(bench.work.plan))
      return null
    default:
      throw new Error(`a change of the infrastructure has no step ${step.action}`)
  }
}

function undoneChange({ work }: Bench): string {
  const outcome = outcomeOf(work.plan)
  if (outcome.do !== 'undo') throw new Error(`${work.change} puts nothing back`)
  return outcome.change
}
