import type { AppView, ChangeDetail, ChangeView } from '../../api/wire/wire.ts'
import { type Plan, stepsOf } from '../../change/plan.ts'
import { kindOf } from '../words/kind-words.ts'
import { numberOf } from './reach.ts'

/** How many changes are looked through for those of one host. */
export const historyDepth = 30

/**
 * Changes that may have touched a host, newest first: those of the infrastructure, and of the apps it runs. One without
 * a plan has nothing to tell yet.
 */
export function mayConcern(
  host: string,
  changes: Iterable<ChangeView>,
  apps: readonly AppView[],
): readonly ChangeView[] {
  const targets = new Set(
    apps.filter(({ hosts }) => hosts.some((one) => one.host === host)).map(({ target }) => target),
  )
  return [...changes]
    .filter(({ kind, target }) => kind === 'apply' || targets.has(target))
    .filter(({ status }) => status !== 'waiting' && status !== 'planning')
    .toSorted((a, b) => numberOf(b.id) - numberOf(a.id))
    .slice(0, historyDepth)
}

/** How many of them are shown. */
export const historyShown = 15

/** Whether a change did something on a host, left it behind, or wrote down what was found there. */
export function concerns(host: string, { change, plan }: ChangeDetail): boolean {
  if (change.fenced.includes(host)) return true
  if (plan === null) return false
  if (kindOf(change) === 'drift') return driftedHosts(plan).includes(host)
  return plan.fenced.includes(host) || stepsOf(plan).some((step) => step.host === host)
}

/** The hosts that a note of drift is about: its lines begin with their names. */
export function driftedHosts(plan: Plan | null): readonly string[] {
  const heads = plan?.lines.flatMap(({ text }) => /^(\S+) {2}\S/.exec(text)?.[1] ?? []) ?? []
  return [...new Set(heads)]
}
