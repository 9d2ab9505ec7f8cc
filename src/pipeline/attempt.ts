import type { ChangeId } from '../change/order.ts'
import type { Trouble } from '../change/trouble.ts'
import { attemptsRoom, type Fence, fences, keyOf } from './fence.ts'
import type { World } from './world.ts'

/** How often it was tried to heal a host, why it could not be the last time, and when it is tried again. */
export type Attempt = Readonly<{
  /** Of which fence: the change that left the host behind, and when. */
  change: ChangeId
  since: number
  tries: number
  again: number
  /** `null` when a change was ordered that heals it. */
  trouble: Trouble | null
}>

const leastPauseMs = 4_000
const mostPauseMs = 5 * 60_000

/** What was tried for this fence so far; `null` for nothing. */
export async function attemptOf(world: Pick<World, 'store'>, fence: Fence): Promise<Attempt | null> {
  const found = (await world.store.records.get(attemptsRoom, keyOf(fence))) as Attempt | undefined
  return found?.change === fence.change && found.since === fence.since ? found : null
}

/** Whether it is time to try again. A clock that was set back does not make us wait for longer than the longest pause. */
export function isDue(attempt: Attempt | null, now: number): boolean {
  return attempt === null || now >= attempt.again || attempt.again - now > mostPauseMs
}

/** Writes down an attempt. What stands in the way is noted in the ledger of the change, once for each reason. */
export async function noteAttempt(
  world: Pick<World, 'store' | 'now'>,
  fence: Fence,
  { before, trouble }: Readonly<{ before: Attempt | null; trouble: Trouble | null }>,
): Promise<void> {
  const { change, since, host } = fence
  const now = world.now()
  const tries = (before?.tries ?? 0) + 1
  const pauseMs = Math.min(leastPauseMs * 2 ** (tries - 1), mostPauseMs)
  const attempt: Attempt = { change, since, tries, again: now + pauseMs, trouble }
  await world.store.records.put(attemptsRoom, keyOf(fence), attempt)
  if (trouble === null || trouble.what === before?.trouble?.what) return
  const text = `${host} cannot be healed: ${trouble.what}; ${trouble.now}`
  await world.store.ledger.append(change, [{ type: 'note', text }], now, null)
}

/** As `fences`, with what stands in the way of the healing said with why each host was left behind. */
export async function fencesTold(world: Pick<World, 'store'>): Promise<readonly Fence[]> {
  const left = await fences(world)
  return Promise.all(
    left.map(async (fence) => {
      const trouble = (await attemptOf(world, fence))?.trouble ?? null
      if (trouble === null) return fence
      return { ...fence, why: `${fence.why}; it cannot be healed: ${trouble.what}; ${trouble.now}` }
    }),
  )
}
