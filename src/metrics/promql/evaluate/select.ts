import type { Run } from '../../source.ts'
import type { VectorSelector } from '../ast.ts'
import { type Column, Filling } from './column.ts'
import { type Frame, pinnedMs, type Samples } from './frame.ts'
import { timeAt } from './grid.ts'

/** What each series of an instant selector last was, seen from each step: its latest sample within the lookback. */
export function latest(selector: VectorSelector, frame: Frame): Iterable<Column> {
  return latestOf(selector, frame, ({ values }, at) => values[at] ?? 0)
}

/** As `latest`, but when the sample was taken, in seconds. */
export function latestTimes(selector: VectorSelector, frame: Frame): Iterable<Column> {
  return latestOf(selector, frame, ({ times }, at) => (times[at] ?? 0) / 1000)
}

function* latestOf(
  selector: VectorSelector,
  frame: Frame,
  read: (run: Run, at: number) => number,
): Iterable<Column> {
  const { grid, query } = frame
  // Series that were sampled together share their times, and so which of them is seen is found once.
  let times: Float64Array = new Float64Array(0)
  let seen = seenAt({ times }, selector, frame)
  for (const run of query.runsOf(selector)) {
    if (run.times !== times) {
      times = run.times
      seen = seenAt(run, selector, frame)
    }
    const ends = run.stale === null ? null : new Set(run.stale)
    const filling = new Filling(grid.count)
    for (let step = 0; step < grid.count; step += 1) {
      const at = seen[step] ?? none
      if (at === none || ends?.has(at) === true) filling.skip(step)
      else filling.set(step, read(run, at))
    }
    query.budget.take(filling.found)
    const column = filling.done(run.labels)
    if (column !== null) yield column
  }
}

const none = -1

/** The place of the sample that each step sees. */
function seenAt(
  { times, thinned = { before: 0, everyMs: 0 } }: Pick<Run, 'times' | 'thinned'>,
  selector: VectorSelector,
  { grid, query }: Frame,
): Int32Array {
  const pinMs = pinnedMs(selector.pin, query)
  const seen = new Int32Array(grid.count)
  let next = 0
  for (let step = 0; step < grid.count; step += 1) {
    const ms = (pinMs ?? timeAt(grid, step)) - selector.offsetMs
    while (next < times.length && (times[next] ?? 0) <= ms) next += 1
    const backMs = next > thinned.before ? query.lookbackMs : Math.max(query.lookbackMs, thinned.everyMs)
    const isSeen = next > 0 && (times[next - 1] ?? 0) >= ms - backMs
    seen[step] = isSeen ? next - 1 : none
  }
  return seen
}

/** The samples without markers of staleness, which windows do not see. */
export function withoutMarkers({ labels, times, values, stale, summed, unsummed }: Run): Samples {
  if (summed !== undefined) {
    const all = unsummed === undefined ? {} : { unsummed: (): Samples => withoutMarkers(unsummed()) }
    return { labels, times, values, summed, ...all }
  }
  if (stale === null || stale.length === 0) return { labels, times, values }
  const marked = new Set(stale)
  const isKept = (_: number, at: number): boolean => !marked.has(at)
  return { labels, times: times.filter(isKept), values: values.filter(isKept) }
}
