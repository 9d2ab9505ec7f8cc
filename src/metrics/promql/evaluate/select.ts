import type { Run } from '../../source.ts'
import type { VectorSelector } from '../ast.ts'
import { type Column, type Presence, roomFor } from './column.ts'
import { type Frame, pinnedMs, type Samples } from './frame.ts'
import { timeAt } from './grid.ts'

/** What each series of an instant selector last was, seen from each step: its latest sample within the lookback. */
export function latest(selector: VectorSelector, frame: Frame, isPassing: boolean): Iterable<Column> {
  return latestOf(selector, frame, { isPassing, read: ({ values }) => values })
}

/** As `latest`, but when the sample was taken, in seconds. */
export function latestTimes(selector: VectorSelector, frame: Frame): Iterable<Column> {
  return latestOf(selector, frame, { isPassing: false, read: ({ times }) => times.map((ms) => ms / 1000) })
}

type Reading = Readonly<{ isPassing: boolean; read: (run: Run) => Float64Array }>

function* latestOf(selector: VectorSelector, frame: Frame, { isPassing, read }: Reading): Iterable<Column> {
  const { grid, query } = frame
  const room = roomFor(grid.count, isPassing)
  // Series that were sampled together share their times, and so which of them is seen is found once.
  let times: Float64Array = new Float64Array(0)
  let all = seenAt({ times }, selector, frame)
  for (const run of query.runsOf(selector)) {
    if (run.times !== times) {
      times = run.times
      all = seenAt(run, selector, frame)
    }
    const seen = run.stale === null ? all : withoutEnds(all, run.stale)
    query.budget.take(seen.found)
    if (seen.found === 0) continue
    const values = room()
    const source = read(run)
    for (let step = 0; step < values.length; step += 1) {
      const at = seen.places[step] ?? none
      if (at !== none) values[step] = source[at] ?? 0
    }
    yield { labels: run.labels, values, present: seen.present }
  }
}

const none = -1

/** The place of the sample that each step sees, and whether there is one. */
type Seen = Readonly<{ places: Int32Array; present: Presence; found: number }>

function seenAt(
  { times, thinned = { before: 0, everyMs: 1 } }: Pick<Run, 'times' | 'thinned'>,
  selector: VectorSelector,
  { grid, query }: Frame,
): Seen {
  const pinMs = pinnedMs(selector.pin, query)
  const places = new Int32Array(grid.count)
  let next = 0
  for (let step = 0; step < grid.count; step += 1) {
    const ms = (pinMs ?? timeAt(grid, step)) - selector.offsetMs
    while (next < times.length && (times[next] ?? 0) <= ms) next += 1
    // What was seen at the beginning of a stretch is seen until its end, as nothing else is known of it.
    const knownMs = next > thinned.before ? ms : Math.floor(ms / thinned.everyMs) * thinned.everyMs
    const isSeen = next > 0 && (times[next - 1] ?? 0) >= knownMs - query.lookbackMs
    places[step] = isSeen ? next - 1 : none
  }
  return seenIn(places)
}

/** The same without what only says that the series ended there. */
function withoutEnds({ places }: Seen, stale: Int32Array): Seen {
  const ends = new Set(stale)
  return seenIn(places.map((at) => (ends.has(at) ? none : at)))
}

function seenIn(places: Int32Array): Seen {
  const present = Uint8Array.from(places, (at) => (at === none ? 0 : 1))
  const found = present.reduce((sum, is) => sum + is, 0)
  return { places, present: found === places.length ? null : present, found }
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
