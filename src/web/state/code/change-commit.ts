import type { Plan } from '../../../change/plan.ts'

/** The commit that a deploy brings, as its plan says; null for all other changes. */
export function commitBrought(plan: Plan | null): Readonly<{ app: string; commit: string }> | null {
  const outcome = plan?.outcome
  if (typeof outcome !== 'object' || outcome === null || !('app' in outcome) || !('commit' in outcome))
    return null
  const { app, commit } = outcome
  const isCommit = typeof commit === 'string' && /^[0-9a-f]{40,64}$/.test(commit)
  return typeof app === 'string' && isCommit ? { app, commit } : null
}
