import type { Columns } from '../../intake.ts'
import type { Labels } from '../../labels.ts'
import { ByteReader, type ByteWriter } from '../codec/bytes.ts'

/** Samples as they are written down and read again: columns of a protocol, or of the log. */
export type Batch = Readonly<Record<keyof Columns, ArrayLike<number> & Iterable<number>>>

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
  into.steps(series)
  into.steps(times)
  into.doubles(values)
  into.varint(stale.length)
  into.steps(stale)
}

function readBatch(from: ByteReader): Batch {
  const count = countIn(from)
  const series = from.steps(new Float64Array(count))
  const times = from.steps(new Float64Array(count))
  const values = from.doubles(new Float64Array(count))
  return { series, times, values, stale: from.steps(new Float64Array(countIn(from))) }
}

function countIn(from: ByteReader): number {
  const count = from.varint()
  if (count > from.end - from.at) throw new RangeError('it announces more than there is')
  return count
}
