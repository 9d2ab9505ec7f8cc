import { changeOf } from '../change/change.ts'
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

async function heal(world: World, pipeline: Pipeline, fence: Fence): Promise<void> {
  const change = changeOf(await world.store.ledger.of(fence.change), null)
  const wish = await kindOf(world, change.order.kind).heal(change, fence.host)
  if (wish === null) return
  if (wish === 'in place') return lift(world, fence, fence.change)
  await pipeline.propose({
    kind: change.order.kind,
    target: fence.target,
    wish,
    who: 'tandem',
    door: 'clock',
    why: `${fence.host} is back; ${fence.change} had left it behind`,
    reverts: null,
  })
}
