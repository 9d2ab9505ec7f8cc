import type { Reach } from './frame.ts'
import { type Grid, timeAt } from './grid.ts'

/** For each step, which samples are in its window: from `from` up to, not with, `to`. Both edges are included. */
export type Windows = Readonly<{ from: Int32Array; to: Int32Array }>

/** Series that were sampled together share their times, and so their windows, which are then found once. */
export function windowFinder(grid: Grid, reach: Reach): (times: Float64Array) => Windows {
  let known: Readonly<{ times: Float64Array; windows: Windows }> | null = null
  return (times) => {
    if (known?.times !== times) known = { times, windows: windowsOf(times, grid, reach) }
    return known.windows
  }
}

export function endAt(grid: Grid, { pinMs, offsetMs }: Reach, step: number): number {
  return (pinMs ?? timeAt(grid, step)) - offsetMs
}

function windowsOf(times: Float64Array, grid: Grid, reach: Reach): Windows {
  const from = new Int32Array(grid.count)
  const to = new Int32Array(grid.count)
  let first = 0
  let next = 0
  for (let step = 0; step < grid.count; step += 1) {
    const endMs = endAt(grid, reach, step)
    const startMs = endMs - reach.rangeMs
    while (next < times.length && (times[next] ?? 0) <= endMs) next += 1
    while (first < next && (times[first] ?? 0) < startMs) first += 1
    from[step] = first
    to[step] = next
  }
  return { from, to }
}
