import type { Labels } from '../../labels.ts'
import { ByteReader, type ByteWriter } from '../codec/bytes.ts'

/** Samples of many series that came together, one place in each list for each. Those that `stale` counts out end a series. */
export type Batch = Readonly<{
  /** Numbers of series that were named before. */
  series: readonly number[]
  times: readonly number[]
  values: readonly number[]
  stale: readonly number[]
}>

/** What is written down before it counts. */
export type WalRecord = Readonly<
  { type: 'series'; number: number; labels: Labels } | { type: 'samples'; batch: Batch }
>

const kinds = { series: 1, samples: 2 } as const

/** A record as bytes: docs/formats/metrics-wal.md says how. */
export function writeRecord(record: WalRecord, into: ByteWriter): void {
  into.byte(kinds[record.type])
  switch (record.type) {
    case 'series':
      into.varint(record.number)
      into.varint(record.labels.length)
      for (const text of record.labels) into.text(text)
      return
    case 'samples':
      writeBatch(record.batch, into)
  }
}

/** Reads a record; throws a RangeError on bytes that are none. */
export function readRecord(bytes: Uint8Array): WalRecord {
  const from = new ByteReader(bytes)
  const kind = from.byte()
  switch (kind) {
    case kinds.series: {
      const number = from.varint()
      return { type: 'series', number, labels: Array.from({ length: countIn(from) }, () => from.text()) }
    }
    case kinds.samples:
      return { type: 'samples', batch: readBatch(from) }
    default:
      throw new RangeError(`a record of a kind that is not known: ${kind}`)
  }
}

/** List after list, as neighbours are alike: series that came together have numbers that follow, and the same time. */
function writeBatch({ series, times, values, stale }: Batch, into: ByteWriter): void {
  into.varint(series.length)
  writeSteps(series, into)
  writeSteps(times, into)
  for (const value of values) into.double(value)
  into.varint(stale.length)
  writeSteps(stale, into)
}

function readBatch(from: ByteReader): Batch {
  const count = countIn(from)
  const series = readSteps(from, count)
  const times = readSteps(from, count)
  const values = Array.from({ length: count }, () => from.double())
  return { series, times, values, stale: readSteps(from, countIn(from)) }
}

function writeSteps(numbers: readonly number[], into: ByteWriter): void {
  let last = 0
  for (const number of numbers) {
    into.signed(number - last)
    last = number
  }
}

function readSteps(from: ByteReader, count: number): readonly number[] {
  let last = 0
  return Array.from({ length: count }, () => (last += from.signed()))
}

function countIn(from: ByteReader): number {
  const count = from.varint()
  if (count > from.end - from.at) throw new RangeError('it announces more than there is')
  return count
}
