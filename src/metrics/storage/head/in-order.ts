import type { Piece } from '../cut.ts'

/** Samples by their times, of which none comes twice. */
export function inOrder({ times, values, stale }: Piece): Piece {
  const order = Int32Array.from(times.keys()).toSorted((a, b) => (times[a] ?? 0) - (times[b] ?? 0))
  const ends = new Set(stale)
  const marked = ends.size === 0 ? [] : [...order.keys()].filter((nth) => ends.has(order[nth] ?? -1))
  return {
    times: Float64Array.from(order, (at) => times[at] ?? 0),
    values: Float64Array.from(order, (at) => values[at] ?? 0),
    stale: marked.length === 0 ? null : Int32Array.from(marked),
  }
}
