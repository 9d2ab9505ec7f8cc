import type { Piece } from '../cut.ts'
import { firstNotBefore } from '../cut.ts'
import type { Span } from '../window.ts'
import type { Rolled } from './summarize.ts'

/** What is known of single samples in these spans: the first and the last of each stretch, and that the series had ended. */
export function thin({ columns, ends }: Rolled, { fromMs, toMs }: Span): Piece {
  const { firstTimes, firsts, lastTimes, lasts } = columns
  const known: (readonly [number, number | 'end'])[] = []
  for (let at = firstNotBefore(lastTimes, fromMs); (lastTimes[at] ?? Infinity) <= toMs; at += 1) {
    const [firstMs, lastMs] = [firstTimes[at] ?? 0, lastTimes[at] ?? 0]
    if (firstMs < lastMs) known.push([firstMs, firsts[at] ?? 0])
    known.push([lastMs, lasts[at] ?? 0])
  }
  for (const ms of ends) if (ms >= fromMs && ms <= toMs) known.push([ms, 'end'])
  if (ends.length > 0) known.sort(([a], [b]) => a - b)
  const stale = [...known.keys()].filter((at) => known[at]?.[1] === 'end')
  return {
    times: Float64Array.from(known, ([ms]) => ms),
    values: Float64Array.from(known, ([, value]) => (value === 'end' ? 0 : value)),
    stale: stale.length === 0 ? null : Int32Array.from(stale),
  }
}
