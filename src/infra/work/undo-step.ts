import type { Step } from '../../change/plan.ts'
import { undoProgramOf } from '../host/undo-program.ts'
import { hostAddress } from '../infra-world.ts'
import { inputOf, laterOps } from '../outcome.ts'
import { type Bench, hostOf } from './bench.ts'
import { sendTo } from './send.ts'
import { noSecrets } from '../look/sights.ts'

/** Puts back on one host what a change of ours has begun there, however far it came. */
export async function undoOn(bench: Bench, step: Step): Promise<void> {
  const { world, work, config } = bench
  const host = hostAddress(world, config, hostOf(step))
  const ops = [...inputOf(step.input).ops, ...(await laterOps(world.store, work.change, host.name))]
  await putBack(bench, step, ops, work.change)
}

/** The same for a host that another change had left behind. */
export async function putBackLeft(bench: Bench, step: Step, change: string): Promise<void> {
  await putBack(bench, step, inputOf(step.input).ops, change)
}

async function putBack(
  bench: Bench,
  step: Step,
  ops: ReturnType<typeof inputOf>['ops'],
  change: string,
): Promise<void> {
  const { world, stash, config } = bench
  const { scripts } = world
  const host = hostAddress(world, config, hostOf(step))
  const reveal = stash.get(`${change} ${host.name}`)?.sight.reveal ?? noSecrets
  await sendTo(bench, step, host, (mark) => undoProgramOf(ops, { scripts, mark, change, reveal })).end()
}
