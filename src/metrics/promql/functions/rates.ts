import { type OverTime, overTime, type View } from './view.ts'

/** Functions of how much something grew. */
export const rates: Readonly<Record<string, OverTime>> = {
  rate: {
    least: 2,
    needsFalls: true,
    of: (view) => extrapolated(view, grown(view), true) / (view.rangeMs / 1000),
  },
  increase: { least: 2, needsFalls: true, of: (view) => extrapolated(view, grown(view), true) },
  delta: overTime(2, (view) => extrapolated(view, lastOf(view) - firstOf(view), false)),
  irate: overTime(2, (view) => {
    const last = lastOf(view)
    const before = view.values[view.to - 2] ?? 0
    return (last < before ? last : last - before) / (lastGapMs(view) / 1000)
  }),
  idelta: overTime(2, (view) => lastOf(view) - (view.values[view.to - 2] ?? 0)),
}

const firstOf = ({ values, from }: View): number => values[from] ?? 0
const lastOf = ({ values, to }: View): number => values[to - 1] ?? 0
const lastGapMs = ({ times, to }: View): number => (times[to - 1] ?? 0) - (times[to - 2] ?? 0)

/** How much a counter grew; where it fell it began again at 0. */
function grown(view: View): number {
  const { values, from, to, falls } = view
  let sum = lastOf(view) - firstOf(view)
  if (falls.length === 0) return sum
  for (let at = firstAfter(falls, from); at < falls.length; at += 1) {
    const fall = falls[at] ?? 0
    if (fall >= to) break
    sum += values[fall - 1] ?? 0
  }
  return sum
}

function firstAfter(falls: Int32Array, from: number): number {
  let low = 0
  let high = falls.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((falls[middle] ?? 0) <= from) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The growth between first and last sample, stretched to the edges of the window: all the way where the gap is at most a
 * tenth longer than between samples, else by half of that; and a counter never to before it was 0.
 */
function extrapolated(view: View, growth: number, isCounter: boolean): number {
  const { times, from, to, startMs, endMs } = view
  const firstMs = times[from] ?? 0
  const lastMs = times[to - 1] ?? 0
  const sampledSeconds = (lastMs - firstMs) / 1000
  const between = sampledSeconds / (to - from - 1)
  let toStart = (firstMs - startMs) / 1000
  const toEnd = (endMs - lastMs) / 1000
  const first = firstOf(view)
  if (isCounter && growth > 0 && first >= 0) toStart = Math.min(toStart, sampledSeconds * (first / growth))
  const near = between * 1.1
  const covered =
    sampledSeconds + (toStart < near ? toStart : between / 2) + (toEnd < near ? toEnd : between / 2)
  return growth * (covered / sampledSeconds)
}
