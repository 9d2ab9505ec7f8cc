import type { Run } from '../../source.ts'
import type { VectorSelector } from '../ast.ts'
import { type Column, Filling } from './column.ts'
import { type Frame, pinnedMs, type Samples } from './frame.ts'
import { timeAt } from './grid.ts'

/** What each series of an instant selector last was, seen from each step: its latest sample within the lookback. */
export function* latest(selector: VectorSelector, frame: Frame): Iterable<Column> {
  for (const run of frame.query.runsOf(selector)) {
    const column = latestOf(run, selector, frame, (run_, at) => run_.values[at] ?? 0)
    if (column !== null) yield column
  }
}

/** As `latest`, but when the sample was taken, in seconds. */
export function* latestTimes(selector: VectorSelector, frame: Frame): Iterable<Column> {
  for (const run of frame.query.runsOf(selector)) {
    const column = latestOf(run, selector, frame, (run_, at) => (run_.times[at] ?? 0) / 1000)
    if (column !== null) yield column
  }
}

function latestOf(
  run: Run,
  selector: VectorSelector,
  { grid, query }: Frame,
  read: (run: Run, at: number) => number,
): Column | null {
  const pinMs = pinnedMs(selector.pin, query)
  const filling = new Filling(grid.count)
  const { times } = run
  const markers = new Set(run.stale)
  let next = 0
  for (let step = 0; step < grid.count; step += 1) {
    const ms = (pinMs ?? timeAt(grid, step)) - selector.offsetMs
    while (next < times.length && (times[next] ?? 0) <= ms) next += 1
    const at = next - 1
    if (at < 0 || (times[at] ?? 0) < ms - query.lookbackMs || markers.has(at)) filling.skip(step)
    else filling.set(step, read(run, at))
  }
  query.budget.take(filling.found)
  return filling.done(run.labels)
}

/** The samples without markers of staleness, which windows do not see. */
export function withoutMarkers({ labels, times, values, stale }: Run): Samples {
  if (stale === null || stale.length === 0) return { labels, times, values }
  const marked = new Set(stale)
  const isKept = (_: number, at: number): boolean => !marked.has(at)
  return { labels, times: times.filter(isKept), values: values.filter(isKept) }
}
