import type { HostPlan } from './plan-host.ts'

/** Resource to digest of what was seen of it and what will be: a plan that was saved is compared by it. */
export function digestsOf({ changes }: HostPlan): Readonly<Record<string, string>> {
  return Object.fromEntries(
    changes.flatMap(({ type, resource, digest }) =>
      type === 'payment' ? [] : [[resource, digest] as const],
    ),
  )
}

/** Which resources are not what they were in a plan that somebody has seen; each as a line for people. */
export function differences(saved: Readonly<Record<string, string>>, now: HostPlan): readonly string[] {
  const digests = digestsOf(now)
  const places = new Map(now.changes.map(({ resource, at }) => [resource, at] as const))
  const there = Object.entries(digests).flatMap(([resource, digest]) => {
    const before = saved[resource]
    if (before === digest) return []
    const what = before === undefined ? 'was not in the plan' : 'is not what the plan has seen'
    return [`${resource} (${places.get(resource) ?? ''}) ${what}`]
  })
  const gone = Object.keys(saved).filter((resource) => !Object.hasOwn(digests, resource))
  return [...there, ...gone.map((resource) => `${resource} is no longer in the recipe`)]
}
