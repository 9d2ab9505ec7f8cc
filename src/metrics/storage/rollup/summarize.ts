import { add, settled, type Sum } from '../../promql/functions/kahan.ts'
import { columnsBy, type Summaries } from '../../summaries.ts'
import { fresh, type Room } from '../arena.ts'
import { placesOf, powerOf } from '../codec/places.ts'
import type { Piece } from '../cut.ts'

/** Summaries of a series, and the times at which it says that it ended: those with no sample behind them in their stretch. */
export type Rolled = Readonly<{ columns: Summaries; ends: Float64Array }>

/** Sums up the samples of each stretch of so many milliseconds; the stretches begin at multiples of it. */
export function summarize({ times, values, stale }: Piece, lengthMs: number, room: Room = fresh): Rolled {
  const marked = new Set(stale)
  const most = stretchesIn(times, lengthMs)
  const columns = columnsBy(() => room(most))
  const ends: number[] = []
  let count = 0
  for (let from = 0; from < times.length;) {
    const to = endOfStretch(times, from, lengthMs)
    const places = placesBeside(from, to, marked)
    if (places.length > 0) sumUp({ times, values }, places, columns, count++)
    if (marked.has(to - 1)) ends.push(times[to - 1] ?? 0)
    from = to
  }
  const filled = cutSummaries(columns, 0, count)
  snap(filled, values)
  return { columns: filled, ends: Float64Array.from(ends) }
}

/** The places from one to before another, as views. */
export function cutSummaries(columns: Summaries, from: number, to: number): Summaries {
  if (from === 0 && to === columns.counts.length) return columns
  return columnsBy((name) => columns[name].subarray(from, to))
}

function stretchesIn(times: Float64Array, lengthMs: number): number {
  let count = 0
  for (let from = 0; from < times.length; from = endOfStretch(times, from, lengthMs)) count += 1
  return count
}

function endOfStretch(times: Float64Array, from: number, lengthMs: number): number {
  const endMs = (Math.floor((times[from] ?? 0) / lengthMs) + 1) * lengthMs
  let to = from + 1
  while (to < times.length && (times[to] ?? 0) < endMs) to += 1
  return to
}

/** The places from one to before another, without those that are marked. */
function placesBeside(from: number, to: number, marked: ReadonlySet<number>): readonly number[] {
  const places: number[] = []
  for (let at = from; at < to; at += 1) if (marked.size === 0 || !marked.has(at)) places.push(at)
  return places
}

function sumUp(
  { times, values }: Pick<Piece, 'times' | 'values'>,
  places: readonly number[],
  into: Summaries,
  at: number,
): void {
  const [first = 0] = places
  const end = places.at(-1) ?? 0
  const sum: Sum = { sum: 0, lost: 0 }
  const lost: Sum = { sum: 0, lost: 0 }
  let [least, greatest, falls] = [NaN, NaN, 0]
  let before = NaN
  for (const place of places) {
    const value = values[place] ?? 0
    add(sum, value)
    if (value < least || Number.isNaN(least)) least = value
    if (value > greatest || Number.isNaN(greatest)) greatest = value
    if (value < before) {
      falls += 1
      add(lost, before)
    }
    before = value
  }
  into.firstTimes[at] = times[first] ?? 0
  into.firsts[at] = values[first] ?? 0
  into.lastTimes[at] = times[end] ?? 0
  into.lasts[at] = values[end] ?? 0
  into.counts[at] = places.length
  into.sums[at] = settled(sum)
  into.least[at] = least
  into.greatest[at] = greatest
  into.falls[at] = falls
  into.lost[at] = settled(lost)
}

/** Sums of decimals of few places are decimals of as few: the last digits, which only rounding has made, are taken away. */
function snap({ sums, lost }: Summaries, values: Float64Array): void {
  const places = placesOf(values)
  if (places === null) return
  const power = powerOf(places)
  for (const column of [sums, lost])
    for (let at = 0; at < column.length; at += 1) {
      const scaled = Math.round((column[at] ?? 0) * power)
      if (Math.abs(scaled) < largest) column[at] = scaled / power + 0
    }
}

/** Whole numbers below it are exact, whatever was added up. */
const largest = 2 ** 50
