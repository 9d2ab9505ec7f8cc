import { TroubleError } from '../../change/trouble.ts'
import { shownPlace } from './refuse.ts'
import type { Resource } from './resource.ts'

/** By the number of a resource: those that must be there before it, and why: `its folder /srv`. */
export type Needs = ReadonlyMap<number, ReadonlyMap<number, string>>

/**
 * The resources in the order of the recipe; what something needs is drawn forward to just before it. Throws a
 * `TroubleError` that names everything in a ring of needs.
 */
export function inOrder(host: string, resources: readonly Resource[], needs: Needs): readonly Resource[] {
  const byNumber = new Map(resources.map((resource) => [resource.number, resource]))
  const ordered = new Set<Resource>()
  const visit = (resource: Resource, trail: readonly Resource[]): void => {
    if (ordered.has(resource)) return
    const begun = trail.indexOf(resource)
    if (begun !== -1) throw ring(host, trail.slice(begun), needs)
    for (const number of [...needsOf(resource, needs).keys()].toSorted((a, b) => a - b)) {
      const needed = byNumber.get(number)
      if (needed !== undefined) visit(needed, [...trail, resource])
    }
    ordered.add(resource)
  }
  for (const resource of resources) visit(resource, [])
  return [...ordered]
}

/** What the recipe says comes first goes before what follows from use. */
function needsOf({ number, after }: Resource, needs: Needs): ReadonlyMap<number, string> {
  return new Map([
    ...(needs.get(number) ?? []),
    ...after.map((other) => [other, 'because the recipe says so'] as const),
  ])
}

function ring(host: string, resources: readonly Resource[], needs: Needs): TroubleError {
  const lines = resources.map((resource, nth) => {
    const next = resources[(nth + 1) % resources.length] ?? resource
    const why = needsOf(resource, needs).get(next.number) ?? ''
    return `${shownPlace(resource.at)}: ${resource.id} comes after ${next.id} (${shownPlace(next.at)}), ${why}`
  })
  const [first] = resources
  return new TroubleError({
    what: `${resources.map(({ id }) => id).join(', ')} wait for each other`,
    ...(first !== undefined && { where: shownPlace(first.at) }),
    now: 'take one of these references away, or let something else own it',
    host,
    tail: lines,
  })
}
