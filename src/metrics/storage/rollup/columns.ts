import type { Summaries } from '../../summaries.ts'
import type { Room } from '../arena.ts'
import type { ByteReader, ByteWriter } from '../codec/bytes.ts'
import { readTimes, writeTimes } from '../codec/times.ts'
import { readValues, writeValues } from '../codec/values.ts'
import type { Rolled } from './summarize.ts'

/** Times of summaries, which series that were sampled together have in common. */
export type StretchTimes = Pick<Summaries, 'firstTimes' | 'lastTimes' | 'counts'>

/** Columns that need not be written, as others say them; docs/formats/metrics-rollup.md has them as well. */
const isSteady = 1
const isLeastFirst = 2
const isGreatestLast = 4
const hasNoFalls = 8
const isSumOfFirsts = 16

export function writeStretchTimes({ firstTimes, lastTimes, counts }: StretchTimes, into: ByteWriter): void {
  writeTimes(lastTimes, into)
  into.steps(lastTimes.map((ms, at) => ms - (firstTimes[at] ?? 0)))
  into.steps(counts)
}

export function readStretchTimes(from: ByteReader, count: number): StretchTimes {
  const column = (): Float64Array => new Float64Array(count)
  const lastTimes = column()
  readTimes(from, lastTimes)
  const firstTimes = from.steps(column())
  for (let at = 0; at < count; at += 1) firstTimes[at] = (lastTimes[at] ?? 0) - (firstTimes[at] ?? 0)
  return { firstTimes, lastTimes, counts: from.steps(column()) }
}

/** All but the times. */
export function writeRolled({ columns, ends }: Rolled, into: ByteWriter, room: Room): void {
  const { firsts, lasts, counts, sums, least, greatest, falls, lost } = columns
  const left = [
    { bit: isSteady, columns: [lasts], isLeft: isSame(lasts, firsts) },
    { bit: isLeastFirst, columns: [least], isLeft: isSame(least, firsts) },
    { bit: isGreatestLast, columns: [greatest], isLeft: isSame(greatest, lasts) },
    { bit: hasNoFalls, columns: [falls, lost], isLeft: falls.every((count) => count === 0) },
    { bit: isSumOfFirsts, columns: [sums], isLeft: isSame(sums, timesOf(firsts, counts)) },
  ]
  into.byte(left.reduce((bits, { bit, isLeft }) => bits | (isLeft ? bit : 0), 0))
  for (const column of [firsts, ...left.flatMap((one) => (one.isLeft ? [] : one.columns))])
    writeValues(column, into, room)
  into.varint(ends.length)
  into.steps(ends)
}

export function readRolled(from: ByteReader, times: StretchTimes): Rolled {
  const count = times.counts.length
  const bits = from.byte()
  const column = (): Float64Array => {
    const values = new Float64Array(count)
    readValues(from, values)
    return values
  }
  const firsts = column()
  const lasts = bits & isSteady ? firsts : column()
  const least = bits & isLeastFirst ? firsts : column()
  const greatest = bits & isGreatestLast ? lasts : column()
  const falls = bits & hasNoFalls ? new Float64Array(count) : column()
  const lost = bits & hasNoFalls ? falls : column()
  const sums = bits & isSumOfFirsts ? timesOf(firsts, times.counts) : column()
  const ended = from.varint()
  if (ended > from.end - from.at) throw new RangeError('it announces more than there is')
  const ends = from.steps(new Float64Array(ended))
  return { columns: { ...times, firsts, lasts, sums, least, greatest, falls, lost }, ends }
}

function timesOf(values: Float64Array, counts: Float64Array): Float64Array {
  return values.map((value, at) => value * (counts[at] ?? 0))
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, at) => Object.is(value, b[at]))
}
