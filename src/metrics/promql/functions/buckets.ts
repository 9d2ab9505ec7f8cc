/** The counters of a histogram at one time: `counts` of what was at most `bounds`, which rise. */
export type Buckets = Readonly<{ bounds: readonly number[]; counts: readonly number[] }>

/**
 * The φ-quantile of what was counted in buckets, on a straight line within its bucket. The last bound must be infinite;
 * what is beyond the last finite one is told to be there.
 */
export function bucketQuantile(phi: number, buckets: Buckets): number {
  if (Number.isNaN(phi)) return NaN
  if (phi < 0) return -Infinity
  if (phi > 1) return Infinity
  if (buckets.bounds.at(-1) !== Infinity) return NaN
  const { bounds, counts } = rising(joined(buckets))
  const last = bounds.length - 1
  const all = counts[last] ?? 0
  if (last < 1 || all === 0) return NaN
  const rank = phi * all
  const found = counts.findIndex((count, at) => at === last || count >= rank)
  if (found === last) return bounds[last - 1] ?? NaN
  const end = bounds[found] ?? NaN
  if (found === 0 && end <= 0) return end
  const start = found === 0 ? 0 : (bounds[found - 1] ?? NaN)
  const before = found === 0 ? 0 : (counts[found - 1] ?? NaN)
  return start + (end - start) * ((rank - before) / ((counts[found] ?? NaN) - before))
}

/** Buckets with one bound, written in several ways, are one bucket. */
function joined({ bounds, counts }: Buckets): Buckets {
  const kept: number[] = []
  const sums: number[] = []
  for (const [at, bound] of bounds.entries()) {
    const count = counts[at] ?? 0
    if (kept.at(-1) === bound) sums[sums.length - 1] = (sums.at(-1) ?? 0) + count
    else {
      kept.push(bound)
      sums.push(count)
    }
  }
  return { bounds: kept, counts: sums }
}

/** Buckets that were not counted at quite the same moment may seem to fall: then the larger count holds on. */
function rising({ bounds, counts }: Buckets): Buckets {
  let most = counts[0] ?? 0
  return {
    bounds,
    counts: counts.map((count) => {
      if (count > most) most = count
      else if (count < most) return most
      return count
    }),
  }
}
