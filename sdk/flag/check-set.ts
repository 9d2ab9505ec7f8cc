import { flagKey } from './check-condition.ts'
import { checkFlag, checkSegment } from './check-flag.ts'
import { isObject, type Members, object, type Say, wrong } from './check-shape.ts'
import type { FlagSet } from './flag.ts'
import type { Mistake } from './mistake.ts'
import {
  checkRings,
  checkTarget,
  type Reference,
  referencesOfFlag,
  referencesOfSegment,
} from './references.ts'

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

function checkReferences(set: FlagSet, say: Say): void {
  const graph = new Map<string, readonly Reference[]>()
  for (const [key, flag] of Object.entries(set.flags))
    graph.set(`flag ${key}`, referencesOfFlag(flag, ['flags', key]))
  for (const [key, segment] of Object.entries(set.segments))
    graph.set(`segment ${key}`, referencesOfSegment(segment, ['segments', key]))
  const lookup = {
    flag: (key: string) => (Object.hasOwn(set.flags, key) ? set.flags[key] : undefined),
    segment: (key: string) => (Object.hasOwn(set.segments, key) ? set.segments[key] : undefined),
    keys: (of: 'flags' | 'segments') => Object.keys(set[of]),
  }
  for (const references of graph.values())
    for (const reference of references) checkTarget(reference, lookup, say)
  checkRings(graph.keys(), (name) => graph.get(name) ?? [], say)
}
