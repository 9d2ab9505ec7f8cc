import type { Summed } from '../../summaries.ts'
import type { OfTally, TallyWindow } from '../functions/of-tally.ts'
import { Tally } from '../functions/tally.ts'
import { Filling } from './column.ts'
import type { Reach } from './frame.ts'
import type { Grid } from './grid.ts'
import { endAt, type Windows } from './windows.ts'

/** A function of sums, how many samples it needs, and the windows that it is asked about. */
export type SummedUp = Readonly<{
  over: OfTally
  least: number
  grid: Grid
  reach: Reach
  windows: Windows
  /** Whether the samples are there, so that what is not close enough is computed from them. */
  isExact: boolean
}>

/** What a function comes to at each step; null where sums do not say it closely enough. */
export function filledBySums(summed: Summed, given: SummedUp): Filling | null {
  const { over, least, grid, reach, windows, isExact } = given
  const { rangeMs } = reach
  const filling = new Filling(grid.count)
  const tally = new Tally(over.need)
  const window: TallyWindow = { startMs: 0, endMs: 0 }
  for (let step = 0; step < grid.count; step += 1) {
    window.endMs = endAt(grid, reach, step)
    window.startMs = window.endMs - rangeMs
    const [from, to] = [windows.from[step] ?? 0, windows.to[step] ?? 0]
    const lengthMs = Math.max(lengthAt(summed, to - 1), lengthAt(summed, to))
    if (rangeMs < lengthMs) addWhole(tally, summed, widened(window, lengthMs))
    else addInside(tally, summed, { from, to, window })
    if (tally.count < least) {
      filling.skip(step)
      continue
    }
    if (isExact && !over.isClose(tally)) return null
    const seenMs = window.endMs - window.startMs
    const share = over.isAmount && seenMs > 0 ? rangeMs / seenMs : 1
    filling.set(step, over.of(tally, window) * share)
  }
  return filling
}

function lengthAt({ lengths, columns }: Summed, at: number): number {
  return at < 0 || at >= columns.counts.length ? 0 : (lengths[at] ?? 0)
}

type Inside = Readonly<{ from: number; to: number; window: TallyWindow }>

/**
 * Adds the places whose last sample is in the window. Of one that an edge cuts, one sample is known to be inside: the last
 * or, of the one behind, the first; the window is taken to end there. Where edges lie at the ends of stretches, that is all
 * there is of it, and the window is what it was.
 */
function addInside(tally: Tally, { columns }: Summed, { from, to, window }: Inside): void {
  const { firstTimes, firsts, lastTimes, lasts, counts } = columns
  const { startMs, endMs } = window
  tally.clear()
  const isCut = from < to && (firstTimes[from] ?? 0) < startMs
  if (isCut) {
    tally.addSample(lastTimes[from] ?? 0, lasts[from] ?? 0)
    window.startMs = lastTimes[from] ?? 0
  }
  tally.addAll(columns, isCut ? from + 1 : from, to)
  const nextMs = firstTimes[to] ?? 0
  if (to >= counts.length || nextMs > endMs || nextMs < startMs) return
  tally.addSample(nextMs, firsts[to] ?? 0)
  if ((lastTimes[to] ?? 0) > nextMs) window.endMs = nextMs
}

/** Moves the edges of a window outwards to the ends of stretches. */
function widened(window: TallyWindow, lengthMs: number): Readonly<TallyWindow> {
  window.startMs = Math.floor(window.startMs / lengthMs) * lengthMs
  window.endMs = Math.ceil(window.endMs / lengthMs) * lengthMs
  return window
}

/** Adds the places that lie in a window from one end of a stretch to another. */
function addWhole(tally: Tally, { columns }: Summed, { startMs, endMs }: Readonly<TallyWindow>): void {
  const { lastTimes } = columns
  tally.clear()
  tally.addAll(columns, firstNotBefore(lastTimes, startMs), firstNotBefore(lastTimes, endMs))
}

function firstNotBefore(times: Float64Array, ms: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] ?? 0) < ms) low = middle + 1
    else high = middle
  }
  return low
}
