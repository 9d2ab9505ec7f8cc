import type { ChangeId } from '../change/order.ts'
import type { Pen } from './pen.ts'
import type { World } from './world.ts'

/** A host that was left behind by a change of this target. */
export type Fence = Readonly<{ change: ChangeId; target: string; host: string; why: string; since: number }>

const room = 'fences'
/** Where it is kept what was tried to heal a host; `attempt.ts` reads and writes it. */
export const attemptsRoom = 'healing'
export const keyOf = ({ target, host }: Pick<Fence, 'target' | 'host'>): string => `${target} ${host}`

/** Notes a host as left behind: first where the healer looks, then in the ledger, so that a crash loses neither. */
export async function fence(world: World, pen: Pen, host: string, why: string): Promise<void> {
  const { target, change } = pen.lease
  const value: Fence = { change, target, host, why, since: world.now() }
  await world.store.records.put(room, keyOf(value), value)
  await pen.write({ type: 'fenced', host, why })
}

export async function fences(world: Pick<World, 'store'>): Promise<readonly Fence[]> {
  const rows = await world.store.records.list(room)
  return rows.map((row) => row.value as Fence)
}

/** Notes that a change brought the host to where it should be; nothing if a later one has left it behind again. */
export async function lift(
  world: World,
  { target, host, change, since }: Fence,
  by: ChangeId,
): Promise<void> {
  const key = keyOf({ target, host })
  const found = (await world.store.records.get(room, key)) as Fence | undefined
  if (found?.change !== change || found.since !== since) return
  await world.store.ledger.append(change, [{ type: 'healed', host, by }], world.now(), null)
  await world.store.records.remove(attemptsRoom, key)
  await world.store.records.remove(room, key)
}
