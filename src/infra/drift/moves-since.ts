import { changeOf } from '../../change/change.ts'
import type { ChangeId } from '../../change/order.ts'
import { stepsOf } from '../../change/plan.ts'
import type { Store } from '../../store/store.ts'

const changesRead = 50
const movesShown = 3

/** What our own ledger knows of a host since a change: commands that were run there, deploys, undone applies. */
export async function movesSince(
  store: Store,
  host: string,
  since: ChangeId | null,
): Promise<readonly string[]> {
  const ids = await store.ledger.changes({ target: null, before: null, limit: changesRead })
  const newer = since === null ? ids : ids.slice(0, Math.max(0, ids.indexOf(since)))
  const changes = await Promise.all(newer.map(async (id) => changeOf(await store.ledger.of(id), null)))
  return changes
    .filter(({ plan }) => plan !== null && stepsOf(plan).some((step) => step.host === host))
    .slice(0, movesShown)
    .map(({ id, order, plan, status }) => `${id} by ${order.who}: ${plan?.title ?? order.kind} (${status})`)
}
