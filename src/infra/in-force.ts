import { changeOf } from '../change/change.ts'
import type { ChangeId } from '../change/order.ts'
import { type InfraWorld, infraTarget } from './infra-world.ts'
import { outcomeOf } from './outcome.ts'

const changesRead = 100

/** The newest apply that nobody has taken back. What only looked or noted is none. */
export async function inForce({ store }: InfraWorld, target: string): Promise<ChangeId | null> {
  if (target !== infraTarget) return null
  for (const id of await store.ledger.changes({ target, before: null, limit: changesRead })) {
    const change = changeOf(await store.ledger.of(id), await store.ledger.revertedBy(id))
    if (change.status !== 'done' || change.plan === null || change.revertedBy !== null) continue
    const hasDone = change.plan.stages.some((stage) => stage.steps.length > 0)
    if (outcomeOf(change.plan).do === 'recipes' && hasDone) return id
  }
  return null
}
