import type { Labels } from '../../labels.ts'
import type { OfTally } from '../functions/of-tally.ts'
import type { Across, AllWindows, OverTime, View } from '../functions/view.ts'
import { type Column, Filling, type Presence, roomFor } from './column.ts'
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
  /** Whether each column is only looked at until the next one is taken. */
  isPassing: boolean
}>

/** Slides a function over each series. */
export function* slide(series: Iterable<Samples>, over: OverTime, sliding: Sliding): Iterable<Column> {
  const { frame, reach, labelsOf, isPassing } = sliding
  const find = windowFinder(frame.grid, reach)
  const room = roomFor(frame.grid.count, isPassing)
  const across = over.across === undefined ? null : acrossWith(over.across, over.least, sliding)
  const view = emptyView(sliding)
  for (const one of series) {
    frame.query.budget.borrow(one.times.length)
    const filling = bySums(one, over, find(one.times), sliding) ?? bySamples(one)
    frame.query.budget.take(filling.found)
    const column = filling.done(labelsOf(one.labels))
    if (column !== null) yield column
  }

  function bySamples(one: Samples): Filling {
    const { times, values } = one.unsummed?.() ?? one
    const windows = find(times)
    const filling = new Filling(frame.grid.count, room())
    const falls = over.needsFalls ? fallsOf(values) : noFalls
    if (across !== null) across({ times, values, falls }, windows, filling)
    else fill(filling, over, Object.assign(view, { times, values, falls }), { windows, sliding })
    return filling
  }
}

const emptyView = ({ args, reach: { rangeMs } }: Sliding): View => ({
  times: new Float64Array(0),
  values: new Float64Array(0),
  from: 0,
  to: 0,
  startMs: 0,
  endMs: 0,
  atMs: 0,
  rangeMs,
  step: 0,
  args,
  falls: noFalls,
})

type Sampled = Pick<View, 'times' | 'values' | 'falls'>

/** Asks a function about all windows at once; what it knows of windows is kept while series share them. */
function acrossWith(
  ask: (windows: AllWindows) => Across,
  least: number,
  { frame: { grid }, reach }: Sliding,
): (one: Sampled, windows: Windows, filling: Filling) => void {
  const endsMs = new Float64Array(grid.count)
  for (let step = 0; step < grid.count; step += 1) endsMs[step] = endAt(grid, reach, step)
  let known: Readonly<{ windows: Windows; write: Across; present: Presence; found: number }> | null = null
  return (one, windows, filling) => {
    if (known?.windows !== windows) {
      const write = ask({ times: one.times, ...windows, endsMs, rangeMs: reach.rangeMs })
      known = { windows, write, ...withAtLeast(least, windows) }
    }
    known.write(one, filling.values)
    filling.mark(known.present, known.found)
  }
}

/** The steps whose windows have so many samples. */
function withAtLeast(least: number, { from, to }: Windows): Readonly<{ present: Presence; found: number }> {
  const present = new Uint8Array(from.length)
  let found = 0
  for (let step = 0; step < from.length; step += 1) {
    if ((to[step] ?? 0) - (from[step] ?? 0) < least) continue
    present[step] = 1
    found += 1
  }
  return { present: found === from.length ? null : present, found }
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

function fill(
  filling: Filling,
  over: OverTime,
  view: View,
  { windows, sliding }: Readonly<{ windows: Windows; sliding: Sliding }>,
): void {
  const {
    frame: { grid },
    reach,
  } = sliding
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
