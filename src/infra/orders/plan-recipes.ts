import { createHash, createHmac } from 'node:crypto'
import type { Json } from '../../change/json.ts'
import type { Plan } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { Desk } from '../../pipeline/kind.ts'
import { appliedOn } from '../applied.ts'
import type { InfraWorld } from '../infra-world.ts'
import type { Outcome } from '../outcome.ts'
import { driftOf } from '../plan/drift.ts'
import { digestsOf, differences } from '../plan/digest.ts'
import { planLines, planTitle } from '../plan/lines.ts'
import { summaryOf } from '../plan/summary.ts'
import { type HostPlan, planHost } from '../plan/plan-host.ts'
import { noneReached } from '../../remote/none-reached.ts'
import { type Sight, sightsOf } from '../look/sights.ts'
import { keepStep, stagesOf } from './stages.ts'
import type { Content } from '../things/thing.ts'
import type { Wish } from '../wish.ts'

/** The bytes and things of changes that are being run, by `CHANGE HOST`. */
export type Stash = Map<string, Readonly<{ plan: HostPlan; sight: Extract<Sight, { type: 'seen' }> }>>

export type Planning = Readonly<{ world: InfraWorld; config: TeamConfig; desk: Desk; stash: Stash }>

/** Looks at the hosts beside their recipes, and says what would be done. */
export async function planRecipes(
  { world, config, desk, stash }: Planning,
  wish: Extract<Wish, { do: 'recipes' }>,
): Promise<Plan> {
  // Changes of the infrastructure follow each other: what is here is of one that was stopped before it ran.
  if (desk.change !== null) stash.clear()
  const sights = await sightsOf(world, config, wish.hosts)
  const key = await world.settingsKey()
  const all = [...sights.values()].filter((sight) => sight.type === 'seen')
  const away = [...sights.values()].filter((sight) => sight.type === 'away')
  refuseIfAllAway(away, all.length)
  const digestOf = digestWith(key)
  const drifted = wish.drift
    ? await Promise.all(all.map((sight) => onlyDrift(world.store, sight, digestOf)))
    : null
  const seen = drifted?.map(({ sight }) => sight) ?? all
  const plans = seen.map((sight, nth) => {
    const plan = planHost({ ...sight, digestOf })
    // What was left out is still as it was applied.
    return { ...plan, applied: { ...drifted?.[nth]?.applied, ...plan.applied } }
  })
  refuseTroubles(plans)
  if (wish.seen !== null) refuseMoved(wish.seen, plans)
  if (desk.change !== null && !desk.signal.aborted) {
    plans.forEach((plan, nth) => {
      const sight = seen[nth]
      if (sight !== undefined) stash.set(`${desk.change} ${plan.host}`, { plan, sight })
    })
  }
  return planOf(plans, { config, away })
}

/** What bytes are called in plans and ledgers. A secret's name is keyed: nobody can guess it from the digest. */
export const digestWith =
  (key: string) =>
  ({ bytes, secrets }: Content): string =>
    secrets.length === 0
      ? createHash('sha256').update(bytes).digest('hex')
      : createHmac('sha256', key).update(bytes).digest('hex')

type Seen = Extract<Sight, { type: 'seen' }>

/**
 * Only what the host itself has moved, in the later rounds as well: what the recipes want anew waits for an order of its
 * own.
 */
async function onlyDrift(
  store: InfraWorld['store'],
  sight: Seen,
  digestOf: (content: Content) => string,
): Promise<Readonly<{ sight: Seen; applied: Readonly<Record<string, string>> }>> {
  const applied = (await appliedOn(store, sight.host))?.things ?? {}
  const moved = driftOf(planHost({ ...sight, digestOf }), new Map(Object.entries(applied)))
    .filter(({ cause }) => cause !== 'recipe moved')
    .map(({ resource }) => resource)
  const lowered = sight.lowered.filter(({ resource }) => moved.includes(resource.id))
  return { sight: { ...sight, lowered }, applied }
}

type Beside = Readonly<{ config: TeamConfig; away: readonly Extract<Sight, { type: 'away' }>[] }>

function planOf(plans: readonly HostPlan[], { config, away }: Beside): Plan {
  const work = plans.flatMap((plan) =>
    plan.ops.length === 0
      ? []
      : [{ host: plan.host, input: { ops: plan.ops, more: plan.deferred.length > 0 } }],
  )
  const outcome: Outcome = {
    do: 'recipes',
    hosts: [...plans.map(({ host }) => host), ...away.map(({ host }) => host)],
    summary: summaryOf(plans),
    applied: Object.fromEntries(plans.map((plan) => [plan.host, plan.applied])),
    digests: Object.fromEntries(plans.map((plan) => [plan.host, digestsOf(plan)])),
  }
  return {
    title: planTitle(plans),
    lines: planLines(plans),
    warnings: [],
    stages: stagesOf(work, config.infra.stages),
    settle: [keepStep],
    fenced: away.map(({ host }) => host),
    outcome: outcome as unknown as Json,
  }
}

function refuseIfAllAway(away: readonly Extract<Sight, { type: 'away' }>[], seen: number): void {
  if (seen === 0 && away.length > 0) throw noneReached(away)
}

export function refuseTroubles(plans: readonly HostPlan[]): void {
  const troubles = plans.flatMap(({ host, troubles: all }) => all.map((trouble) => ({ ...trouble, host })))
  const [first, ...others] = troubles
  if (first === undefined) return
  throw new TroubleError({
    ...first,
    ...(others.length === 0
      ? {}
      : {
          tail: others
            .slice(0, 20)
            .map(({ host, where, what, now }) => `${host}: ${where ?? ''}: ${what}; ${now}`),
        }),
  })
}

/** A plan that somebody has seen is carried out as they saw it, or not at all. */
function refuseMoved(
  seen: NonNullable<Extract<Wish, { do: 'recipes' }>['seen']>,
  plans: readonly HostPlan[],
): void {
  const moved = plans.flatMap((plan) =>
    differences(seen[plan.host] ?? {}, plan).map((what) => `${plan.host}: ${what}`),
  )
  if (moved.length === 0) return
  throw new TroubleError({
    what: `${moved.length} of what the plan showed ${moved.length === 1 ? 'has' : 'have'} moved since`,
    tail: moved.slice(0, 50),
    now: 'make a new plan and look at it again',
  })
}
