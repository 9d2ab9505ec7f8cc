import type { Change } from '../change/change.ts'
import type { Json } from '../change/json.ts'
import { worldFor } from './as-of.ts'
import type { InfraWorld } from './infra-world.ts'
import { outcomeOf } from './outcome.ts'
import { planHost } from './plan/plan-host.ts'
import { digestWith } from './orders/plan-recipes.ts'
import { noSecrets, noWants, seenOf, sightsOf } from './look/sights.ts'

/**
 * A host that is back gets what the change had meant for it: one that was undone elsewhere is undone there too, else the
 * recipes are applied. `null` while it is still away.
 */
export async function heal(world: InfraWorld, change: Change, host: string): Promise<Json | null> {
  const meant = await worldFor(world, change.order.wish)
  const config = await meant.config()
  if (config.hosts[host] === undefined) return 'in place'
  const did = change.plan === null ? null : outcomeOf(change.plan).do
  if (did === 'run' || did === 'note') return 'in place'
  if (change.status === 'undone' || change.status === 'stuck') {
    const seen = await seenOf({ world, config, reveal: noSecrets }, host, noWants)
    return 'facts' in seen ? { do: 'undo', change: change.id, on: [host], isLeft: true } : null
  }
  const sight = (await sightsOf(meant, config, [host])).get(host)
  if (sight === undefined || sight.type === 'away') return null
  const plan = planHost({ ...sight, digestOf: digestWith(await world.settingsKey()) })
  if (plan.ops.length === 0 && plan.troubles.length === 0) return 'in place'
  return { do: 'recipes', on: [host], ...(meant.commit === null ? {} : { commit: meant.commit }) }
}
