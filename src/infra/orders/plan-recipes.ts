import { createHash, createHmac } from 'node:crypto'
import type { Json } from '../../change/json.ts'
import type { Plan } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { Desk } from '../../pipeline/kind.ts'
import { appliedOn } from '../applied.ts'
import type { InfraSource, InfraWorld } from '../infra-world.ts'
import type { Outcome } from '../outcome.ts'
import { digestsOf, differences } from '../plan/digest.ts'
import { planLines, planTitle } from '../plan/lines.ts'
import { summaryOf } from '../plan/summary.ts'
import { type HostPlan, planHost } from '../plan/plan-host.ts'
import { noneReached } from '../../remote/none-reached.ts'
import { type Sight, sightsOf } from '../look/sights.ts'
import { appliedSince, type LastApplied, onlyDrift } from './only-drift.ts'
import { keepStep, stagesOf } from './stages.ts'
import type { Content } from '../things/thing.ts'
import type { Wish } from '../wish.ts'

/** The bytes and things of changes that are being run, by `CHANGE HOST`. */
export type Stash = Map<string, Stashed>

/** `last`: what was applied before, where only drift is mended; in later rounds as well. */
type Stashed = Readonly<{ plan: HostPlan; sight: Seen; last: LastApplied | null }>

type Seen = Extract<Sight, { type: 'seen' }>

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
  const planned = await Promise.all(
    all.map(async (sight): Promise<Stashed> => {
      const last = wish.drift ? ((await appliedOn(world.store, sight.host))?.things ?? {}) : null
      return planSight(sight, last, digestOf)
    }),
  )
  const plans = planned.map(({ plan }) => plan)
  refuseTroubles(plans)
  if (wish.seen !== null) refuseMoved(wish.seen, plans)
  if (desk.change !== null && !desk.signal.aborted) {
    for (const one of planned) stash.set(`${desk.change} ${one.plan.host}`, one)
  }
  return planOf(plans, { config, away, source: world })
}

/** What bytes are called in plans and ledgers. A secret's name is keyed: nobody can guess it from the digest. */
export const digestWith =
  (key: string) =>
  ({ bytes, secrets }: Content): string =>
    secrets.length === 0
      ? createHash('sha256').update(bytes).digest('hex')
      : createHmac('sha256', key).update(bytes).digest('hex')

function planSight(sight: Seen, last: LastApplied | null, digestOf: (content: Content) => string): Stashed {
  if (last === null) return { plan: planHost({ ...sight, digestOf }), sight, last }
  const lowered = onlyDrift({ ...sight, digestOf }, last)
  const plan = planHost({ ...sight, lowered, digestOf })
  return { plan: { ...plan, applied: appliedSince(plan, last) }, sight: { ...sight, lowered }, last }
}

type Beside = Readonly<{
  config: TeamConfig
  away: readonly Extract<Sight, { type: 'away' }>[]
  source: Pick<InfraSource, 'commit' | 'strangers'>
}>

function planOf(plans: readonly HostPlan[], { config, away, source }: Beside): Plan {
  const work = plans.flatMap((plan) =>
    plan.ops.length === 0
      ? []
      : [{ host: plan.host, input: { ops: plan.ops, more: plan.deferred.length > 0 } }],
  )
  const outcome: Outcome = {
    do: 'recipes',
    hosts: [...plans.map(({ host }) => host), ...away.map(({ host }) => host)],
    commit: source.commit,
    summary: summaryOf(plans),
    applied: Object.fromEntries(plans.map((plan) => [plan.host, plan.applied])),
    digests: Object.fromEntries(plans.map((plan) => [plan.host, digestsOf(plan)])),
  }
  return {
    title: planTitle(plans, source.commit),
    lines: planLines(plans),
    warnings: source.strangers.map(
      (host) => `${host} is new and left out: the hub goes there when this commit is on a protected branch`,
    ),
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
