import type { Run } from '../source.ts'

/** Samples of a series, without its name. */
export type Piece = Omit<Run, 'labels'>

/** The place of the first time that is not before `ms`; the length when there is none. */
export function firstNotBefore(times: Float64Array, ms: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] ?? 0) < ms) low = middle + 1
    else high = middle
  }
  return low
}

/** The samples from the place `from` to before the place `to`: views, nothing is copied. */
export function cutPiece({ times, values, stale }: Piece, from: number, to: number): Piece {
  if (from === 0 && to === times.length) return { times, values, stale }
  const inside = stale?.filter((at) => at >= from && at < to).map((at) => at - from) ?? null
  return {
    times: times.subarray(from, to),
    values: values.subarray(from, to),
    stale: inside?.length === 0 ? null : inside,
  }
}

export function isSame(a: Float64Array, b: Float64Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false
  return true
}
