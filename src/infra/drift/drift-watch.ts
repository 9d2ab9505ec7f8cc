import { createHash } from 'node:crypto'
import type { HostDrift } from '../../api/wire/wire.ts'
import type { Order } from '../../change/order.ts'
import { hasRecipe } from '../hosts-meant.ts'
import { lookForDrift } from './drift.ts'
import { type InfraWorld, infraTarget } from '../infra-world.ts'
import { keptDrift } from './kept-drift.ts'
import type { DriftNote } from '../wish.ts'

/**
 * Looks at all hosts that have a recipe when it is time to, and orders that drift nobody knows of yet be written down. What was found is
 * told once: drift that stays is no news.
 */
export async function watchDrift(
  world: InfraWorld,
  propose: (order: Order) => Promise<unknown>,
): Promise<void> {
  const config = await world.config()
  const hosts = Object.entries(config.hosts).filter(([, { roles }]) => hasRecipe(config, roles))
  if (hosts.length === 0) return
  const names = hosts.map(([name]) => name)
  const kept = await Promise.all(names.map((host) => keptDrift(world.store, host)))
  if (!isDue(kept, config.infra.driftMs, world.now())) return
  const before = new Map(names.map((host, nth) => [host, nameOf(kept[nth] ?? null)]))
  const found = await lookForDrift(world, names)
  const news = found.filter((drift) => movedIn(drift).length > 0 && nameOf(drift) !== before.get(drift.host))
  if (news.length === 0) return
  await propose({
    kind: 'apply',
    target: infraTarget,
    wish: { do: 'note', drift: news.map(noteOf) },
    who: 'tandem',
    door: 'clock',
    why: 'a look at the hosts beside their recipes',
    reverts: null,
  })
}

/** A look by anybody counts: what is due is the host that nobody has looked at for longest. */
function isDue(kept: readonly (HostDrift | null)[], driftMs: number | null, now: number): boolean {
  if (driftMs === null) return false
  return kept.some((drift) => drift === null || now - drift.at >= driftMs)
}

/** What the recipes themselves want anew is an apply that nobody has ordered yet: no drift. */
const movedIn = ({ findings }: HostDrift): HostDrift['findings'] =>
  findings.filter(({ cause }) => cause === 'host moved' || cause === 'both moved')

function noteOf(drift: HostDrift): DriftNote {
  return {
    host: drift.host,
    resources: movedIn(drift).map(({ resource, evidence }) => ({ resource, evidence: evidence.slice(0, 3) })),
  }
}

/** Two looks that found the same have the same name. */
function nameOf(drift: HostDrift | null): string {
  if (drift === null) return ''
  const found = movedIn(drift).map(({ resource, lines }) => [resource, lines])
  return found.length === 0 ? '' : createHash('sha256').update(JSON.stringify(found)).digest('hex')
}
