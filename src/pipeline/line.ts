import type { ChangeId } from '../change/order.ts'
import type { Lease } from '../store/store.ts'
import type { World } from './world.ts'

const lookMs = 20
const forcedLookMs = 2_000

/**
 * Waits in the line of the target until it is this change's turn; `null` when it was stopped first. It looks again
 * whenever the store's pulse says that somebody wrote, and now and then regardless, for a holder that died silently.
 */
export async function waitForTurn(world: World, change: ChangeId, stop: AbortSignal): Promise<Lease | null> {
  let seenPulse = -1
  let lookedAt = 0
  while (!stop.aborted) {
    const pulse = world.store.pulse()
    if (pulse !== seenPulse || world.now() - lookedAt >= forcedLookMs) {
      seenPulse = pulse
      lookedAt = world.now()
      const lease = await world.store.leases.take(change, world.holder, world.now())
      if (lease !== null) return lease
    }
    await world.sleep(lookMs, stop)
  }
  return null
}
