import { changeOf } from '../change/change.ts'
import type { ChangeId, Order } from '../change/order.ts'
import { TroubleError } from '../change/trouble.ts'
import { kindOf } from './job.ts'
import type { World } from './world.ts'

const changesRead = 100

/** The order that takes a change back; without one, the last that is still in force on a target, or on all of them. */
export async function revertOrder(
  world: World,
  named: ChangeId | null,
  target: string | null,
): Promise<Pick<Order, 'kind' | 'target' | 'wish' | 'reverts'>> {
  const id = named ?? (await lastInForce(world, target))
  const entries = await world.store.ledger.of(id)
  if (entries.length === 0)
    throw new TroubleError({ what: `there is no change ${id}`, now: 'see `tandem log` for those there are' })
  const change = changeOf(entries, await world.store.ledger.revertedBy(id))
  if (change.status !== 'done') {
    throw new TroubleError({
      what: `${id} is ${change.status}: only a finished change can be taken back`,
      now: 'see `tandem log` for those that are done',
    })
  }
  if (change.revertedBy !== null) {
    throw new TroubleError({
      what: `${id} was taken back already, by ${change.revertedBy}`,
      now: `\`tandem revert ${change.revertedBy}\` takes that back`,
    })
  }
  const wish = await kindOf(world, change.order.kind).revert(change)
  return { kind: change.order.kind, target: change.order.target, wish, reverts: id }
}

async function lastInForce(world: World, target: string | null): Promise<ChangeId> {
  const newest = await world.store.ledger.changes({ target, before: null, limit: changesRead })
  const asked = new Set<string>()
  for (const id of newest) {
    const change = changeOf(await world.store.ledger.of(id), null)
    const place = `${change.order.kind} ${change.order.target}`
    if (change.status !== 'done' || asked.has(place)) continue
    asked.add(place)
    const last = await kindOf(world, change.order.kind).inForce(change.order.target)
    if (last !== null) return last
  }
  throw new TroubleError({
    what: 'there is no finished change to take back',
    now: 'see `tandem log` for what was done',
  })
}
