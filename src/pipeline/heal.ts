import { changeOf } from '../change/change.ts'
import { TroubleError } from '../change/trouble.ts'
import { attemptOf, isDue, noteAttempt } from './attempt.ts'
import { type Fence, fences, lift } from './fence.ts'
import { kindOf } from './job.ts'
import type { Pipeline } from './pipeline.ts'
import type { World } from './world.ts'

/**
 * Looks once at every host that was left behind; one that is back gets a change that brings it to where it should be.
 * A target that a change still works on is left alone: where its hosts should be is known when that has ended.
 */
export async function healOnce(world: World, pipeline: Pipeline): Promise<void> {
  const left = await fences(world)
  if (left.length === 0) return
  const busy = new Set((await world.store.leases.lines()).map(({ target }) => target))
  for (const fence of left) if (!busy.has(fence.target)) await heal(world, pipeline, fence)
}

/** A host that refuses us is tried again after a pause that grows: what refuses is mended by people, and they need time. */
async function heal(world: World, pipeline: Pipeline, fence: Fence): Promise<void> {
  const before = await attemptOf(world, fence)
  if (!isDue(before, world.now())) return
  try {
    if (await beginHealing(world, pipeline, fence)) await noteAttempt(world, fence, { before, trouble: null })
  } catch (thrown) {
    if (!(thrown instanceof TroubleError)) throw thrown
    await noteAttempt(world, fence, { before, trouble: thrown.trouble })
  }
}

/** `true` when a change was ordered; `false` when the host is still away, or needs none. */
async function beginHealing(world: World, pipeline: Pipeline, fence: Fence): Promise<boolean> {
  const change = changeOf(await world.store.ledger.of(fence.change), null)
  const wish = await kindOf(world, change.order.kind).heal(change, fence.host)
  if (wish === null) return false
  if (wish === 'in place') {
    await lift(world, fence, fence.change)
    return false
  }
  await pipeline.propose({
    kind: change.order.kind,
    target: fence.target,
    wish,
    who: 'tandem',
    door: 'clock',
    why: `${fence.host} is back; ${fence.change} had left it behind`,
    reverts: null,
  })
  return true
}
