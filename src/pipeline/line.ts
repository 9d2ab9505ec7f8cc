import type { ChangeId } from '../change/order.ts'
import { statusOf } from '../change/status.ts'
import type { Lease } from '../store/store.ts'
import type { World } from './world.ts'

const lookMs = 20
const forcedLookMs = 2_000

/**
 * Waits in the line of the target until it is this change's turn: `stopped` when it was stopped first, `gone` when
 * another process took the place, as it may when this one was frozen for long. It looks again whenever the store's
 * pulse says that somebody wrote, and now and then regardless, for a holder that died silently.
 */
export async function waitForTurn(
  world: World,
  change: ChangeId,
  stop: AbortSignal,
): Promise<Lease | 'stopped' | 'gone'> {
  let seenPulse = -1
  let lookedAt = 0
  while (!stop.aborted) {
    const pulse = world.store.pulse()
    const isForced = world.now() - lookedAt >= forcedLookMs
    if (pulse !== seenPulse || isForced) {
      seenPulse = pulse
      lookedAt = world.now()
      const lease = await world.store.leases.take(change, world.holder, world.now())
      if (lease !== null) return lease
      if (isForced && statusOf(await world.store.ledger.of(change)) !== 'waiting') return 'gone'
    }
    await world.sleep(lookMs, stop)
  }
  return 'stopped'
}
