import type { Condition, Context, Flag, FlagSet, Rule, Segment } from '../../../sdk/flag/flag.ts'

/** The same numbers each time, from 0 up to 1. */
export type Draw = () => number

/** Mulberry32: enough to try many flags with. For tests. */
export function drawFrom(seed: number): Draw {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function oneOf<T>(draw: Draw, all: readonly T[]): T {
  if (all.length === 0) throw new Error('there is nothing to draw from')
  return all[Math.floor(draw() * all.length)] as T
}

export function someOf<T>(draw: Draw, most: number, make: () => T): readonly T[] {
  return Array.from({ length: Math.floor(draw() * (most + 1)) }, make)
}

const names = ['country', 'plan', 'age', 'beta', 'app.version', 'targetingKey']
const texts = ['DE', 'gold', 'g', '5', '', '1.2.3', '2.0.0-beta.1', 'v1.4', 'u1', 'u2']
const numbers = [0, 5, 17.5, -3, 70]

/** A set in which flags ask for segments and for flags before them; everything of it can be said by flagd. */
export function drawSet(draw: Draw): FlagSet {
  const segments: Record<string, Segment> = {}
  const flags: Record<string, Flag> = {}
  for (let at = 0; at < 2; at += 1)
    segments[`s${at}`] = {
      include: someOf(draw, 2, () => oneOf(draw, ['u1', 'u2', 'u3'])),
      exclude: someOf(draw, 1, () => oneOf(draw, ['u1', 'u2'])),
      ...(draw() < 0.7 && { when: drawCondition(draw, { flags: {}, segments: {} }, 2) }),
    }
  for (let at = 0; at < 6; at += 1) flags[`f${at}`] = drawFlag(draw, { flags, segments }, at)
  return { flags, segments }
}

function drawFlag(draw: Draw, known: FlagSet, at: number): Flag {
  const variant = () => oneOf(draw, ['a', 'b', 'c'])
  const before = Object.keys(known.flags)
  return {
    type: 'string',
    on: draw() < 0.9,
    variants: { a: 'A', b: 'B', c: 'C' },
    default: draw() < 0.2 ? null : variant(),
    off: draw() < 0.3 ? null : variant(),
    ...(before.length > 0 &&
      draw() < 0.4 && { requires: [{ flag: oneOf(draw, before), serves: ['a', 'b'] }] }),
    rules: someOf(draw, 4, () => null).map((_, rule) => drawRule(draw, known, `f${at}r${rule}`)),
  }
}

function drawRule(draw: Draw, known: FlagSet, id: string): Rule {
  const lots = { hash: 'tandem-1', salt: `${id}:` } as const
  const weight = Math.floor(draw() * 11)
  const arms = [
    { variant: oneOf(draw, ['a', 'b', 'c', null]), weight },
    { variant: oneOf(draw, ['a', 'b']), weight: 10 - weight },
  ]
  return {
    id,
    ...(draw() < 0.85 && { when: drawCondition(draw, known, 3) }),
    ...(draw() < 0.3 && { share: { ...lots, weight: Math.floor(draw() * 11), of: 10 } }),
    serve: draw() < 0.7 ? oneOf(draw, ['a', 'b', 'c']) : { ...lots, of: 10, arms },
  }
}

function drawCondition(draw: Draw, known: FlagSet, depth: number): Condition {
  const kind = depth === 0 ? 'attribute' : oneOf(draw, ['all', 'any', 'not', 'segment', 'flag', ...plain])
  const inner = () => drawCondition(draw, known, depth - 1)
  const [segments, flags] = [Object.keys(known.segments), Object.keys(known.flags)]
  if (kind === 'all') return { all: someOf(draw, 3, inner) }
  if (kind === 'any') return { any: someOf(draw, 3, inner) }
  if (kind === 'not') return { not: inner() }
  if (kind === 'segment' && segments.length > 0) return { segment: oneOf(draw, segments) }
  if (kind === 'flag' && flags.length > 0) return { flag: oneOf(draw, flags), serves: ['b', 'c'] }
  return drawComparison(draw)
}

const plain = ['attribute', 'attribute', 'attribute', 'attribute']

function drawComparison(draw: Draw): Condition {
  const attribute = oneOf(draw, names)
  const words = ['contains', 'starts-with', 'ends-with'] as const
  const filled = texts.filter((text) => text !== '')
  switch (oneOf(draw, ['present', 'equals', 'in', 'words', 'numbers', 'version'] as const)) {
    case 'present':
      return { attribute, op: 'present' }
    case 'equals':
      return { attribute, op: 'equals', value: oneOf(draw, [...texts, ...numbers, true, false]) }
    case 'in':
      return { attribute, op: 'in', value: [oneOf(draw, texts), oneOf(draw, [...numbers, true])] }
    case 'words':
      return { attribute, op: oneOf(draw, words), value: [oneOf(draw, filled), oneOf(draw, filled)] }
    case 'numbers':
      return {
        attribute,
        op: oneOf(draw, ['below', 'at-most', 'above', 'at-least']),
        value: oneOf(draw, numbers),
      }
    case 'version':
      return {
        attribute,
        op: 'version',
        value: oneOf(draw, ['>=1.2 <2', '^1.2.0', '~1.2.4', '1.2.3', '!=1.2.3', '>2.0.0-alpha']),
      }
  }
}

/** Somebody whose attributes are texts, numbers, true, false, or not there. */
export function drawContext(draw: Draw): Context {
  const value = () => oneOf<unknown>(draw, [...texts, ...numbers, true, false, null, undefined])
  return {
    ...(draw() < 0.9 && {
      targetingKey: oneOf(draw, ['u1', 'u2', 'u3', `user-${Math.floor(draw() * 1000)}`]),
    }),
    country: value(),
    plan: value(),
    age: value(),
    beta: value(),
    app: oneOf<unknown>(draw, [{ version: value() }, { version: value() }, 'web', undefined]),
  }
}
