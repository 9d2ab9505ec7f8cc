import { driftOf } from '../plan/drift.ts'
import { type HostPlan, planHost, type PlanHostInput } from '../plan/plan-host.ts'
import type { Lowered } from '../recipe/resource.ts'

/** Thing to digest, as the last apply left it. */
export type LastApplied = Readonly<Record<string, string>>

/**
 * The resources that the host itself has moved, and those of the last apply of which only a later round can tell: what
 * the recipes want anew waits for an order of its own. Without that, less may be put off, so it is asked until it rests.
 */
export function onlyDrift(input: PlanHostInput, applied: LastApplied): readonly Lowered[] {
  const plan = planHost(input)
  const moved = driftOf(plan, new Map(Object.entries(applied)))
    .filter(({ cause }) => cause !== 'recipe moved')
    .map(({ resource }) => resource)
  const later = plan.deferred
    .filter(({ things }) => things.some(({ key }) => Object.hasOwn(applied, key)))
    .map(({ resource }) => resource.id)
  const kept = new Set([...moved, ...later])
  const lowered = input.lowered.filter(({ resource }) => kept.has(resource.id))
  return lowered.length === input.lowered.length ? lowered : onlyDrift({ ...input, lowered }, applied)
}

/** What was left out, or put off to a later round, is still as it was applied. */
export function appliedSince({ applied, deferred }: HostPlan, last: LastApplied): LastApplied {
  const later = new Set(deferred.flatMap(({ things }) => things.map(({ key }) => key)))
  const known = Object.entries(applied).filter(([key]) => !later.has(key))
  return { ...last, ...Object.fromEntries(known) }
}
