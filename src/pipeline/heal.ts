import { changeOf } from '../change/change.ts'
import type { ChangeId } from '../change/order.ts'
import { type Fence, fences, lift } from './fence.ts'
import { kindOf } from './job.ts'
import type { Pipeline } from './pipeline.ts'
import type { World } from './world.ts'

/**
 * Looks once at every host that was left behind; one that is back gets a change that brings it to where it should be.
 * `tried` keeps a host from being ordered twice while its change runs.
 */
export async function healOnce(
  world: World,
  pipeline: Pipeline,
  tried: Map<string, ChangeId>,
): Promise<void> {
  for (const fence of await fences(world)) {
    const key = `${fence.target} ${fence.host}`
    const running = tried.get(key)
    if (running !== undefined && (await world.store.ledger.open()).includes(running)) continue
    tried.delete(key)
    const id = await order(world, pipeline, fence)
    if (id !== null) tried.set(key, id)
  }
}

async function order(world: World, pipeline: Pipeline, fence: Fence): Promise<ChangeId | null> {
  const change = changeOf(await world.store.ledger.of(fence.change), null)
  const wish = await kindOf(world, change.order.kind).heal(change, fence.host)
  if (wish === null) return null
  if (wish === 'in place') {
    await lift(world, fence.target, fence.host, fence.change)
    return null
  }
  return pipeline.propose({
    kind: change.order.kind,
    target: fence.target,
    wish,
    who: 'tandem',
    door: 'clock',
    why: `${fence.host} is back; ${fence.change} had left it behind`,
    reverts: null,
  })
}
