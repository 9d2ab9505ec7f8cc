import type { Say } from './check-shape.ts'
import type { Condition, Flag, Requirement, Segment } from './flag.ts'
import { meant, type Path } from './mistake.ts'

/** One thing that names another, and where. */
export type Reference = Readonly<{ path: Path; to: Readonly<{ segment: string }> | Requirement }>

/** Where the things are found that others name. */
export type Lookup = Readonly<{
  flag: (key: string) => Flag | undefined
  segment: (key: string) => Segment | undefined
  keys: (of: 'flags' | 'segments') => readonly string[]
}>

/** What a flag names, from its place in the set on. */
export function referencesOfFlag({ requires = [], rules = [] }: Flag, path: Path): readonly Reference[] {
  return [
    ...requires.map((to, at) => ({ path: [...path, 'requires', at], to })),
    ...rules.flatMap(({ when }, at) =>
      when === undefined ? [] : referencesIn(when, [...path, 'rules', at, 'when']),
    ),
  ]
}

/** What a segment names, from its place in the set on. */
export function referencesOfSegment({ when }: Segment, path: Path): readonly Reference[] {
  return when === undefined ? [] : referencesIn(when, [...path, 'when'])
}

function referencesIn(condition: Condition, path: Path): readonly Reference[] {
  if ('all' in condition) return condition.all.flatMap((part, at) => referencesIn(part, [...path, 'all', at]))
  if ('any' in condition) return condition.any.flatMap((part, at) => referencesIn(part, [...path, 'any', at]))
  if ('not' in condition) return referencesIn(condition.not, [...path, 'not'])
  return 'segment' in condition || 'flag' in condition ? [{ path, to: condition }] : []
}

/** `flag new-cart` or `segment team`: what a reference leads to. */
export function nameOf(to: Reference['to']): string {
  return 'segment' in to ? `segment ${to.segment}` : `flag ${to.flag}`
}

/** Says what is wrong with what is named: it is not there, or has no such variant. */
export function checkTarget({ path, to }: Reference, { flag, segment, keys }: Lookup, say: Say): void {
  if ('segment' in to) {
    if (segment(to.segment) === undefined)
      say([...path, 'segment'], `there is no segment '${to.segment}'`, meant(to.segment, keys('segments')))
    return
  }
  const found = flag(to.flag)
  if (found === undefined)
    return say([...path, 'flag'], `there is no flag '${to.flag}'`, meant(to.flag, keys('flags')))
  const names = Object.keys(found.variants)
  to.serves.forEach((name, at) => {
    if (!names.includes(name))
      say([...path, 'serves', at], `'${to.flag}' has no variant '${name}'`, meant(name, names))
  })
}

/** Each ring that is met from these names on is told once, at the reference that closes it. */
export function checkRings(
  names: Iterable<string>,
  referencesOf: (name: string) => readonly Reference[],
  say: Say,
): void {
  const done = new Set<string>()
  const trail: string[] = []
  const visit = (name: string): void => {
    if (done.has(name)) return
    trail.push(name)
    for (const { path, to } of referencesOf(name)) {
      const next = nameOf(to)
      const from = trail.indexOf(next)
      if (from === -1) visit(next)
      else
        say(path, `it asks for itself: ${[...trail.slice(from), next].join(' -> ')}`, 'take one of these out')
    }
    trail.pop()
    done.add(name)
  }
  for (const name of names) visit(name)
}
