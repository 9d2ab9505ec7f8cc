import type { Seen } from './seen.ts'
import type { Lowered, Resource } from '../recipe/resource.ts'
import type { Thing } from '../things/thing.ts'
import type { Spot } from './state.ts'

/** One thing, the resource it is of, and where that stands in the recipe. */
export type Item = Readonly<{ resource: Resource; thing: Thing; spot: Spot }>

/** All things in the order of their planning: packages are brought together, so that few transactions install them. */
export function gather(lowered: readonly Lowered[], seen: Pick<Seen, 'checks'>): readonly Item[] {
  const spots = spotsOf(lowered.map(({ resource }) => resource))
  const items = lowered.flatMap(({ resource, things }) =>
    things.map((thing): Item => ({
      resource,
      thing,
      spot: spots.get(resource.number) ?? { number: resource.number, comesAfter: new Set() },
    })),
  )
  const gathered: Item[] = []
  for (const item of items) {
    const place = item.thing.type === 'package' ? placeBeside(gathered, item, seen) : gathered.length
    gathered.splice(place, 0, item)
  }
  return gathered
}

/** Right behind the package before it, unless something stands between that must come first. */
function placeBeside(gathered: readonly Item[], item: Item, seen: Pick<Seen, 'checks'>): number {
  const last = gathered.findLastIndex(({ thing }) => thing.type === 'package')
  if (last === -1) return gathered.length
  const between = gathered.slice(last + 1)
  return between.some((other) => isBarrier(other, item, seen)) ? gathered.length : last + 1
}

function isBarrier({ thing, spot }: Item, item: Item, { checks }: Pick<Seen, 'checks'>): boolean {
  if (item.spot.comesAfter.has(spot.number)) return true
  if (thing.owes.some(({ type }) => type === 'lists')) return true
  switch (thing.type) {
    case 'command':
      return checks.get(thing.key) !== 0
    case 'path':
      return thing.path.startsWith('/etc/apt/')
    case 'package':
    case 'user':
    case 'group':
    case 'unit':
      return false
  }
}

/** For each resource, itself and all that it comes after, whether it says so or one of those says so. */
export function spotsOf(resources: readonly Resource[]): ReadonlyMap<number, Spot> {
  const spots = new Map<number, Spot>()
  for (const { number, after } of resources) {
    const comesAfter = new Set([number])
    for (const earlier of after) {
      comesAfter.add(earlier)
      for (const further of spots.get(earlier)?.comesAfter ?? []) comesAfter.add(further)
    }
    spots.set(number, { number, comesAfter })
  }
  return spots
}
