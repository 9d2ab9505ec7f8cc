import type { Labels } from '../../labels.ts'
import type { OverTime, View } from '../functions/view.ts'
import { type Column, Filling } from './column.ts'
import type { Frame, Reach, Samples } from './frame.ts'
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

const noFalls = new Int32Array(0)

type Sliding = Readonly<{
  frame: Frame
  reach: Reach
  /** The other arguments of the function. */
  args: readonly Float64Array[]
  labelsOf: (labels: Labels) => Labels
}>

/** Slides a function over each series. */
export function* slide(series: Iterable<Samples>, over: OverTime, sliding: Sliding): Iterable<Column> {
  const { frame, reach, args, labelsOf } = sliding
  const find = windowFinder(frame.grid, reach)
  const view: View = {
    times: new Float64Array(0),
    values: new Float64Array(0),
    from: 0,
    to: 0,
    startMs: 0,
    endMs: 0,
    atMs: 0,
    rangeMs: reach.rangeMs,
    step: 0,
    args,
    falls: noFalls,
  }
  for (const { labels, times, values } of series) {
    frame.query.budget.borrow(times.length)
    view.times = times
    view.values = values
    view.falls = over.needsFalls ? fallsOf(values) : noFalls
    const filling = filled(over, view, find(times), sliding)
    frame.query.budget.take(filling.found)
    const column = filling.done(labelsOf(labels))
    if (column !== null) yield column
  }
}

function filled(over: OverTime, view: View, windows: Windows, { frame: { grid }, reach }: Sliding): Filling {
  const filling = new Filling(grid.count)
  for (let step = 0; step < grid.count; step += 1) {
    view.from = windows.from[step] ?? 0
    view.to = windows.to[step] ?? 0
    if (view.to - view.from < over.least) {
      filling.skip(step)
      continue
    }
    view.step = step
    view.atMs = timeAt(grid, step)
    view.endMs = endAt(grid, reach, step)
    view.startMs = view.endMs - reach.rangeMs
    const value = over.of(view)
    if (value === null) filling.skip(step)
    else filling.set(step, value)
  }
  return filling
}

function fallsOf(values: Float64Array): Int32Array {
  let count = 0
  for (let at = 1; at < values.length; at += 1) if ((values[at] ?? 0) < (values[at - 1] ?? 0)) count += 1
  if (count === 0) return noFalls
  const falls = new Int32Array(count)
  let next = 0
  for (let at = 1; at < values.length; at += 1)
    if ((values[at] ?? 0) < (values[at - 1] ?? 0)) {
      falls[next] = at
      next += 1
    }
  return falls
}
