import type { Json } from '../change/json.ts'
import { TroubleError } from '../change/trouble.ts'
import type { TeamConfig } from '../config/config.ts'
import { changeOf } from '../change/change.ts'
import type { InfraWorld } from './infra-world.ts'

/** The commit, branch or tag whose recipes a wish means; null = those in the hub's own folder. */
export function commitIn(wish: Json): string | null {
  const isRecord = typeof wish === 'object' && wish !== null && !Array.isArray(wish)
  const commit = isRecord && 'commit' in wish ? wish['commit'] : null
  return typeof commit === 'string' && commit !== '' ? commit : null
}

/** The world with the recipes in it that a wish means. */
export async function worldFor(world: InfraWorld, wish: Json): Promise<InfraWorld> {
  const commit = commitIn(wish)
  return commit === null ? world : { ...world, ...(await world.asOf(commit)) }
}

/** `tandem.ts` for whoever takes back a change: a host that only the commit of that change names is reached as well. */
export async function configToUndo(world: InfraWorld, change: string): Promise<TeamConfig> {
  const now = await world.config()
  const commit = commitIn(changeOf(await world.store.ledger.of(change), null).order.wish)
  if (commit === null) return now
  const then = await world.asOf(commit).then(
    (source) => source.config(),
    // Its repository may be gone by now; the hosts that are known are still to be put back.
    (thrown: unknown) => {
      if (thrown instanceof TroubleError) return now
      throw thrown
    },
  )
  return { ...now, hosts: { ...then.hosts, ...now.hosts } }
}
