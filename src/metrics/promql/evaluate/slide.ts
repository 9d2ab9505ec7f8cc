import type { Labels } from '../../labels.ts'
import type { OfTally } from '../functions/of-tally.ts'
import type { OverTime, View } from '../functions/view.ts'
import { type Column, Filling } from './column.ts'
import type { Frame, Reach, Samples } from './frame.ts'
import { timeAt } from './grid.ts'
import { filledBySums } from './summed.ts'
import { endAt, windowFinder, type Windows } from './windows.ts'

const noFalls = new Int32Array(0)

type Sliding = Readonly<{
  frame: Frame
  reach: Reach
  /** The same function of sums, where it can be asked about those. */
  ofTally: OfTally | null
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
  for (const one of series) {
    frame.query.budget.borrow(one.times.length)
    const filling = bySums(one, over, find(one.times), sliding) ?? bySamples(one)
    frame.query.budget.take(filling.found)
    const column = filling.done(labelsOf(one.labels))
    if (column !== null) yield column
  }

  function bySamples(one: Samples): Filling {
    const { times, values } = one.unsummed?.() ?? one
    view.times = times
    view.values = values
    view.falls = over.needsFalls ? fallsOf(values) : noFalls
    return filled(over, view, find(times), sliding)
  }
}

/** Null where a series has no sums, or where these are not as close as its samples, which are there. */
function bySums(
  { summed, unsummed }: Samples,
  over: OverTime,
  windows: Windows,
  { ofTally, frame: { grid }, reach }: Sliding,
): Filling | null {
  if (summed === undefined || ofTally === null) return null
  const isExact = unsummed !== undefined
  return filledBySums(summed, { over: ofTally, least: over.least, grid, reach, windows, isExact })
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
