import { flagKey } from './check-condition.ts'
import { checkFlag, checkSegment } from './check-flag.ts'
import { isObject, type Members, object, type Say, wrong } from './check-shape.ts'
import type { Condition, Flag, FlagSet, Requirement, Segment } from './flag.ts'
import { meant, type Mistake, type Path } from './mistake.ts'

/**
 * All that is wrong with the flags and segments of an environment: each alone, then what they ask of each other.
 * What stands in a set without mistakes can be evaluated.
 */
export function mistakesOfSet(set: unknown): readonly Mistake[] {
  const mistakes: Mistake[] = []
  const say: Say = (path, what, now) => mistakes.push({ path, what, now })
  if (shape(set, [], say)) checkReferences(set as FlagSet, say)
  return mistakes
}

const shape = object({
  example: '{"flags": {}, "segments": {}}',
  required: { flags: eachOf(checkFlag), segments: eachOf(checkSegment) },
})

function eachOf(check: typeof checkFlag): typeof checkFlag {
  return (found, path, say) => {
    if (!isObject(found)) return wrong(found, path, say, 'an object by key')
    return Object.entries(found as Members)
      .map(([key, each]) => flagKey(key, [...path, key], say) && check(each, [...path, key], say))
      .every(Boolean)
  }
}

/** One thing that names another, and where. */
type Reference = Readonly<{ path: Path; to: Readonly<{ segment: string }> | Requirement }>

function checkReferences(set: FlagSet, say: Say): void {
  const graph = new Map<string, readonly Reference[]>()
  for (const [key, flag] of Object.entries(set.flags))
    graph.set(`flag ${key}`, referencesOfFlag(flag, ['flags', key]))
  for (const [key, segment] of Object.entries(set.segments))
    graph.set(`segment ${key}`, referencesOfSegment(segment, ['segments', key]))
  for (const references of graph.values())
    for (const reference of references) checkTarget(reference, set, say)
  checkRings(graph, say)
}

function referencesOfFlag({ requires = [], rules = [] }: Flag, path: Path): readonly Reference[] {
  return [
    ...requires.map((to, at) => ({ path: [...path, 'requires', at], to })),
    ...rules.flatMap(({ when }, at) =>
      when === undefined ? [] : referencesIn(when, [...path, 'rules', at, 'when']),
    ),
  ]
}

function referencesOfSegment({ when }: Segment, path: Path): readonly Reference[] {
  return when === undefined ? [] : referencesIn(when, [...path, 'when'])
}

function referencesIn(condition: Condition, path: Path): readonly Reference[] {
  if ('all' in condition) return condition.all.flatMap((part, at) => referencesIn(part, [...path, 'all', at]))
  if ('any' in condition) return condition.any.flatMap((part, at) => referencesIn(part, [...path, 'any', at]))
  if ('not' in condition) return referencesIn(condition.not, [...path, 'not'])
  return 'segment' in condition || 'flag' in condition ? [{ path, to: condition }] : []
}

function checkTarget({ path, to }: Reference, { flags, segments }: FlagSet, say: Say): void {
  if ('segment' in to) {
    if (!Object.hasOwn(segments, to.segment))
      say(
        [...path, 'segment'],
        `there is no segment '${to.segment}'`,
        meant(to.segment, Object.keys(segments)),
      )
    return
  }
  const flag = Object.hasOwn(flags, to.flag) ? flags[to.flag] : undefined
  if (flag === undefined)
    return say([...path, 'flag'], `there is no flag '${to.flag}'`, meant(to.flag, Object.keys(flags)))
  const names = Object.keys(flag.variants)
  to.serves.forEach((name, at) => {
    if (!names.includes(name))
      say([...path, 'serves', at], `'${to.flag}' has no variant '${name}'`, meant(name, names))
  })
}

/** Each ring is told once, at the reference that closes it. */
function checkRings(graph: ReadonlyMap<string, readonly Reference[]>, say: Say): void {
  const done = new Set<string>()
  const trail: string[] = []
  const visit = (name: string): void => {
    if (done.has(name)) return
    trail.push(name)
    for (const { path, to } of graph.get(name) ?? []) {
      const next = 'segment' in to ? `segment ${to.segment}` : `flag ${to.flag}`
      const from = trail.indexOf(next)
      if (from === -1) visit(next)
      else
        say(path, `it asks for itself: ${[...trail.slice(from), next].join(' -> ')}`, 'take one of these out')
    }
    trail.pop()
    done.add(name)
  }
  for (const name of graph.keys()) visit(name)
}
