import { extended } from './extend.ts'
import { growthAcross } from './growth.ts'
import { type OverTime, overTime, type View } from './view.ts'

/** Functions of how much something grew. */
export const rates: Readonly<Record<string, OverTime>> = {
  rate: {
    least: 2,
    needsFalls: true,
    of: (view) => {
      const growth = grown(view)
      return growth * (stretchOfCounter(view, growth) / (view.rangeMs / 1000))
    },
    across: (windows) => growthAcross(windows, windows.rangeMs / 1000),
  },
  increase: {
    least: 2,
    needsFalls: true,
    of: (view) => {
      const growth = grown(view)
      return growth * stretchOfCounter(view, growth)
    },
    across: (windows) => growthAcross(windows, null),
  },
  delta: overTime(2, (view) => (lastOf(view) - firstOf(view)) * stretch(view, Infinity)),
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

/** As `stretch`, but never to before the counter was 0. */
function stretchOfCounter(view: View, growth: number): number {
  const first = firstOf(view)
  return stretch(view, growth > 0 && first >= 0 ? first / growth : Infinity)
}

function stretch({ times, from, to, startMs, endMs }: View, most: number): number {
  const [firstMs, lastMs] = [times[from] ?? 0, times[to - 1] ?? 0]
  return extended({ firstMs, lastMs, count: to - from, startMs, endMs }, most)
}
