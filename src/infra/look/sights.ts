import { randomBytes } from 'node:crypto'
import type { TeamConfig } from '../../config/config.ts'
import { findHost, hostAddress } from '../../config/find.ts'
import type { Facts } from '../../config/infra/recipe-wish.ts'
import { TroubleError } from '../../change/trouble.ts'
import { areSame, keepHost, knownHost } from './host-facts.ts'
import { probeOf } from '../host/probe.ts'
import { readProbe } from '../host/read-probe.ts'
import type { InfraWorld } from '../infra-world.ts'
import { lookAt } from './look.ts'
import { wantsOf } from '../plan/wants.ts'
import type { Seen } from '../plan/seen.ts'
import { heardInTime } from './heard-in-time.ts'
import type { Reveal } from './lower-recipes.ts'
import type { Lowered } from '../recipe/resource.ts'
import type { ProbeWants } from '../host/probe-wants.ts'

/** A host beside its recipes: what they say, and what is there. `away`: it could not be heard. */
export type Sight = Readonly<
  | {
      type: 'seen'
      host: string
      lowered: readonly Lowered[]
      reveal: Reveal
      secrets: readonly string[]
      seen: Seen
    }
  | { type: 'away'; host: string; why: string }
>

/** Facts that move while they are looked at move for ever. */
const mostRounds = 3

/**
 * Looks at hosts beside their recipes, one session each. Recipes are functions of facts, so those last seen are assumed;
 * where they have moved, the recipes are asked again and the host is looked at again.
 */
export async function sightsOf(
  world: InfraWorld,
  config: TeamConfig,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, Sight>> {
  // With it come all words of recipes: a hub without any is spared them.
  const { lowerRecipes } = await import('./lower-recipes.ts')
  const sights = new Map<string, Sight>()
  const assumed = await assumedFacts(world, config, hosts, sights)
  let left = hosts.filter((host) => !sights.has(host))
  for (let round = 1; left.length > 0; round++) {
    const facts = new Map(left.map((host) => [host, factsIn(assumed, host)]))
    const { lowered, reveal, secrets } = await lowerRecipes(world, config, facts)
    const found = await heardInTime(world, left, async (host): Promise<Sight> => {
      const things = lowered.get(host) ?? []
      const seen = await seenOf({ world, config, reveal }, host, wantsIn(world, things))
      if (!('facts' in seen)) return seen
      return { type: 'seen', host, lowered: things, reveal, secrets: secrets.get(host) ?? [], seen }
    })
    const moved: string[] = []
    for (const one of found) {
      if (one.type === 'seen') await keepHost(world.store, one.host, one.seen)
      if (one.type === 'away' || areSame(factsIn(assumed, one.host), one.seen.facts))
        sights.set(one.host, one)
      else {
        assumed.set(one.host, one.seen.facts)
        moved.push(one.host)
      }
    }
    if (moved.length > 0 && round === mostRounds) throw restless(moved)
    left = moved
  }
  return sights
}

/** A check is a command of the recipe's own: of what nobody has agreed to, none runs on a host. */
function wantsIn({ isAgreed }: InfraWorld, things: readonly Lowered[]): ProbeWants {
  const wants = wantsOf(things)
  return isAgreed ? wants : { ...wants, checks: [] }
}

export type Looker = Readonly<{ world: InfraWorld; config: TeamConfig; reveal: Reveal }>

/** What was seen of one host of what is wanted. */
export async function seenOf(
  { world, config, reveal }: Looker,
  host: string,
  wants: ProbeWants,
): Promise<Seen | Extract<Sight, { type: 'away' }>> {
  const mark = randomBytes(4).toString('hex')
  const known = await knownHost(world.store, host)
  const probe = probeOf({ scripts: world.scripts, wants, known, mark, reveal })
  const looked = await lookAt(world.remote, hostAddress(world, config, host), probe)
  if (looked.type === 'away') return { type: 'away', host, why: looked.why }
  return readProbe({ host, wants, known, mark, lines: looked.lines })
}

/** Facts and debts alone. */
export const noWants: ProbeWants = wantsOf([])

/** Where no secret can stand. */
export const noSecrets: Reveal = (text) => text

/** Those that were kept; hosts that were never seen are looked at first, and those that are away need no recipe. */
async function assumedFacts(
  world: InfraWorld,
  config: TeamConfig,
  hosts: readonly string[],
  sights: Map<string, Sight>,
): Promise<Map<string, Facts>> {
  const assumed = new Map<string, Facts>()
  for (const host of hosts) {
    findHost(config, host)
    const kept = await knownHost(world.store, host)
    if (kept !== null) assumed.set(host, kept.facts)
  }
  const strangers = hosts.filter((host) => !assumed.has(host))
  const found = await heardInTime(world, strangers, (host) =>
    factsAlone({ world, config, reveal: noSecrets }, host),
  )
  for (const sight of found) {
    if (sight.type === 'away') sights.set(sight.host, sight)
    else {
      await keepHost(world.store, sight.host, sight.seen)
      assumed.set(sight.host, sight.seen.facts)
    }
  }
  return assumed
}

async function factsAlone(looker: Looker, host: string): Promise<Sight> {
  const seen = await seenOf(looker, host, noWants)
  if (!('facts' in seen)) return seen
  return { type: 'seen', host, lowered: [], reveal: looker.reveal, secrets: [], seen }
}

function factsIn(assumed: ReadonlyMap<string, Facts>, host: string): Facts {
  const facts = assumed.get(host)
  if (facts === undefined) throw new Error(`nothing is known of ${host}`)
  return facts
}

const restless = (hosts: readonly string[]): TroubleError =>
  new TroubleError({
    what: `the facts of ${hosts.join(', ')} are others each time they are looked at`,
    now: 'look at `tandem facts` twice: what differs there must come to rest first',
  })
