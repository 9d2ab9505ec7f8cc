import type { Json } from '../../change/json.ts'
import type { Stage, Step } from '../../change/plan.ts'
import { reachOf, type StageConfig } from '../../config/config.ts'
import type { StepInput } from '../outcome.ts'

/** Hosts do not wait for each other; this bounds what runs at a time on this side. */
const hostsAtOnce = 64

/** Writes down what a finished change has left: what drift is measured against. */
export const keepStep: Step = {
  id: 'keep what was applied',
  action: 'keep',
  host: null,
  input: null,
  cannotUndo: null,
}

/** Stages over the hosts that have something to be done, the first ones first. */
export function stagesOf(
  work: readonly Readonly<{ host: string; input: StepInput }>[],
  stages: readonly StageConfig[],
): readonly Stage[] {
  const made: Stage[] = []
  let reached = 0
  for (const { name, share } of stages) {
    const reach = Math.max(reached, reachOf(share, work.length))
    const steps = work.slice(reached, reach).map(({ host, input }) => applyStep(host, input))
    reached = reach
    if (steps.length > 0) made.push({ name, steps, atOnce: hostsAtOnce, watch: null })
  }
  return made
}

function applyStep(host: string, input: StepInput): Step {
  return {
    id: `apply ${host}`,
    action: 'apply',
    host,
    input: input as unknown as Json,
    cannotUndo: null,
  }
}
