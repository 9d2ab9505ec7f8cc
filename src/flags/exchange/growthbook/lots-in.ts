import type { Arm, AttributePath, HashName, Share, Split } from '../../../../sdk/flag/flag.ts'
import { NoEqual } from '../remark.ts'
import { attributeIn } from './condition-in.ts'

type Range = readonly [number, number]

/** What lots are drawn with in GrowthBook. */
export type Drawn = Readonly<{ seed: string; attribute: string | null | undefined; version: number }>

/** How many lots there are. */
const lotsOf: Readonly<Record<number, number>> = { 1: 1000, 2: 10_000 }

function drawOf({ seed, attribute, version }: Drawn): Readonly<{
  hash: HashName
  salt: string
  by?: AttributePath
  of: number
}> {
  const of = lotsOf[version]
  if (of === undefined) throw new NoEqual(`it draws lots by version ${version} of GrowthBook's hash`)
  const by = keyIn(attribute)
  return { hash: version === 1 ? 'gb-1' : 'gb-2', salt: seed, ...(by !== 'targetingKey' && { by }), of }
}

/** GrowthBook takes the name of this attribute as it is, also with a dot in it. */
export function keyIn(attribute: string | null | undefined): AttributePath {
  const name = attributeIn(attribute ?? 'id')
  return typeof name === 'string' && name.includes('.') ? [name] : name
}

/** The first lot that is not below a fraction, by the very arithmetic of GrowthBook. */
function firstLot(fraction: number, lots: number): number {
  let lot = Math.max(0, Math.ceil(fraction * lots) - 2)
  while (lot < lots && lot / lots < fraction) lot += 1
  return lot
}

/** Everybody up to a fraction, and the lot that is the fraction itself. */
export function coverageIn(drawn: Drawn, coverage: number): Share {
  const draw = drawOf(drawn)
  const first = firstLot(coverage, draw.of)
  return { ...draw, weight: Math.min(draw.of, first / draw.of <= coverage ? first + 1 : first) }
}

/** Those from 0 up to a fraction. Throws NoEqual for a range that begins elsewhere. */
export function rangeIn(drawn: Drawn, ranges: readonly Range[]): Share {
  const [range, ...others] = ranges
  if (range === undefined || others.length > 0 || range[0] > 0)
    throw new NoEqual(
      'it takes people out of the middle of their lots: here a share is always the first of them',
    )
  const draw = drawOf(drawn)
  return { ...draw, weight: firstLot(range[1], draw.of) }
}

/** Arms where ranges lie, and between them what leaves people to the next rule. */
export function rangesIn(drawn: Drawn, ranges: readonly Range[], names: readonly string[]): Split {
  const draw = drawOf(drawn)
  const bounds = ranges
    .map(([from, to], at) => ({
      variant: names[at] ?? '',
      from: firstLot(from, draw.of),
      to: firstLot(to, draw.of),
    }))
    .filter(({ from, to }) => to > from)
    .toSorted((a, b) => a.from - b.from)
  const arms: Arm[] = []
  let end = 0
  for (const { variant, from, to } of bounds) {
    if (from < end) throw new NoEqual('parts of its experiment lie over each other')
    if (from > end) arms.push({ variant: null, weight: from - end })
    arms.push({ variant, weight: to - from })
    end = to
  }
  if (end < draw.of) arms.push({ variant: null, weight: draw.of - end })
  return { ...draw, arms }
}

/** The ranges of an experiment that says weights and a coverage. */
export function bucketsOf(
  count: number,
  coverage = 1,
  weights: readonly number[] | null = null,
): readonly Range[] {
  const covered = Math.min(1, Math.max(0, coverage))
  const sum = (weights ?? []).reduce((total, weight) => total + weight, 0)
  const isUsable = weights !== null && weights.length === count && sum >= 0.99 && sum <= 1.01
  const each = isUsable ? weights : Array.from({ length: count }, () => 1 / count)
  let end = 0
  return each.map((weight) => {
    const start = end
    end += weight
    return [start, start + covered * weight] as const
  })
}
