import { valueText } from '../../promql/format.ts'
import type { OtlpMetric, Point } from './model.ts'

/** One series of a metric at one point. `isCount`: it adds up, so that deltas of it can be. */
export type Part = Readonly<{
  suffix: string
  label: readonly [name: string, value: string] | null
  value: number
  isCount: boolean
}>

const mostBuckets = 512
/** Buckets are joined until each reaches from one power of this root of two to the next. */
const finestScale = 1

/** The series that a point becomes; null for one that would be too many. */
export function partsOf({ kind, isMonotonic, isDelta }: OtlpMetric, point: Point): readonly Part[] | null {
  switch (kind) {
    case 'gauge':
      return [{ suffix: '', label: null, value: point.value, isCount: false }]
    case 'sum':
      return [{ suffix: '', label: null, value: point.value, isCount: isMonotonic || isDelta }]
    case 'histogram':
      return histogram(point, explicitBuckets(point))
    case 'exponential':
      return histogram(point, exponentialBuckets(point))
    case 'summary':
      return [
        ...totals(point),
        ...point.quantiles.map(({ quantile, value }): Part => {
          return { suffix: '', label: ['quantile', valueText(quantile)], value, isCount: false }
        }),
      ]
  }
}

/** How many there were up to a bound, itself included; the bound rises. */
type Bucket = Readonly<{ upTo: number; count: number }>

function histogram(point: Point, buckets: readonly Bucket[] | null): readonly Part[] | null {
  if (buckets === null) return null
  const all = [...buckets, { upTo: Infinity, count: point.count }]
  return [
    ...totals(point),
    ...all.map(({ upTo, count }): Part => {
      return { suffix: '_bucket', label: ['le', valueText(upTo)], value: count, isCount: true }
    }),
  ]
}

function totals({ count, sum }: Point): readonly Part[] {
  const counted: Part = { suffix: '_count', label: null, value: count, isCount: true }
  return sum === null ? [counted] : [counted, { suffix: '_sum', label: null, value: sum, isCount: true }]
}

function explicitBuckets({ bounds, bucketCounts }: Point): readonly Bucket[] | null {
  if (bounds.length > mostBuckets) return null
  let count = 0
  return bounds.flatMap((upTo, at) => {
    count += bucketCounts[at] ?? 0
    return Number.isFinite(upTo) ? [{ upTo, count }] : []
  })
}

function exponentialBuckets({ scale, zeroCount, positive, negative }: Point): readonly Bucket[] | null {
  if (positive.counts.length > mostBuckets || negative.counts.length > mostBuckets) return null
  const coarse = Math.min(scale, finestScale)
  const below = new Map<number, number>()
  for (const [at, count] of negative.counts.entries()) {
    // A bucket below 0 ends where its mirror image begins.
    const index = Math.floor((negative.offset + at) / 2 ** (scale - coarse))
    add(below, -boundOf(index, coarse), count)
  }
  if (zeroCount > 0 || negative.counts.length > 0) add(below, 0, zeroCount)
  for (const [at, count] of positive.counts.entries()) {
    const index = Math.floor((positive.offset + at) / 2 ** (scale - coarse))
    add(below, boundOf(index + 1, coarse), count)
  }
  let count = 0
  return [...below]
    .filter(([upTo]) => Number.isFinite(upTo))
    .toSorted(([a], [b]) => a - b)
    .map(([upTo, more]) => ({ upTo, count: (count += more) }))
}

function boundOf(index: number, scale: number): number {
  return 2 ** (index * 2 ** -scale)
}

function add(counts: Map<number, number>, upTo: number, count: number): void {
  counts.set(upTo, (counts.get(upTo) ?? 0) + count)
}
