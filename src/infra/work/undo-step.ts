import type { Step } from '../../change/plan.ts'
import { undoProgramOf } from '../host/undo-program.ts'
import type { HostAddress, Remote } from '../../remote/remote.ts'
import { shAssign } from '../../remote/quote.ts'
import { hostAddress } from '../../config/find.ts'
import { inputOf, laterOps } from '../outcome.ts'
import { type Bench, hostOf } from './bench.ts'
import { sendTo } from './send.ts'
import { lookAt } from '../look/look.ts'
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
  try {
    await sendTo(bench, step, host, (mark) => undoProgramOf(ops, { scripts, mark, change, reveal })).end()
  } catch (thrown) {
    if (await hasBegun(world.remote, host, change)) throw thrown
  }
}

const lookLimitMs = 30_000

/**
 * Whether a change has done anything on a host. Before the first thing it does it writes down there what was; a disk that
 * is too full for a program has nothing of it, and a look needs no room.
 */
async function hasBegun(remote: Remote, host: HostAddress, change: string): Promise<boolean> {
  const script = `${shAssign({ CHANGE: change })}[ -e "$ROOT/undo/$CHANGE" ] || echo nothing\n`
  const looking = { script, frames: [], secrets: [], limitMs: lookLimitMs, leavesNothing: true }
  const looked = await lookAt(remote, host, looking).catch(() => null)
  return looked?.type !== 'lines' || !looked.lines.includes('nothing')
}
