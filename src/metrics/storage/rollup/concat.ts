import { columnsBy, type Summaries, type Summed } from '../../summaries.ts'
import type { Piece } from '../cut.ts'

/** Summaries of one stretch of time; `lengthMs` is 0 where the samples are there as well. */
export type Chunk = Readonly<{ columns: Summaries; lengthMs: number }>

/** Samples as summaries of one each. Nothing is copied. */
export function ofSamples({ times, values }: Pick<Piece, 'times' | 'values'>): Summaries {
  const { length } = times
  return {
    firstTimes: times,
    firsts: values,
    lastTimes: times,
    lasts: values,
    counts: filledWith(1, length),
    sums: values,
    least: values,
    greatest: values,
    falls: filledWith(0, length),
    lost: filledWith(0, length),
  }
}

/** All of the chunks, which do not overlap, in the order of their times. */
export function concat(chunks: readonly Chunk[]): Summed {
  const filled = chunks.filter(({ columns }) => columns.counts.length > 0)
  const sorted = filled.toSorted((a, b) => (a.columns.lastTimes[0] ?? 0) - (b.columns.lastTimes[0] ?? 0))
  const [only] = sorted
  const length = sorted.reduce((sum, { columns }) => sum + columns.counts.length, 0)
  const lengths = new Float64Array(length)
  let at = 0
  for (const { columns, lengthMs } of sorted) {
    lengths.fill(lengthMs, at, at + columns.counts.length)
    at += columns.counts.length
  }
  if (only !== undefined && sorted.length === 1) return { columns: only.columns, lengths }
  return { columns: columnsBy((name) => joinedColumn(sorted, name, length)), lengths }
}

function joinedColumn(chunks: readonly Chunk[], name: keyof Summaries, length: number): Float64Array {
  const joined = new Float64Array(length)
  let at = 0
  for (const { columns } of chunks) {
    joined.set(columns[name], at)
    at += columns[name].length
  }
  return joined
}

function filledWith(value: number, length: number): Float64Array {
  return new Float64Array(length).fill(value)
}
