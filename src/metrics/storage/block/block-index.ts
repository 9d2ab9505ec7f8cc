import type { Labels } from '../../labels.ts'
import { ByteReader, ByteWriter } from '../codec/bytes.ts'
import type { Place } from './parts.ts'

/** A column of times that series share: how many there are, and where they begin in which part. */
export type TimeColumn = Readonly<{ part: number; offset: number; count: number }>

/** A series of a block: its times, its values in which part, and which of the samples say that it ended there. */
export type BlockSeries = Readonly<{
  column: number
  part: number
  offset: number
  length: number
  stale: Int32Array | null
}>

/** Everything of a block but its samples. Times are milliseconds since the epoch, of the first and the last sample. */
export type WrittenIndex = Readonly<{
  fromMs: number
  toMs: number
  samples: number
  parts: readonly Place[]
  columns: readonly TimeColumn[]
  series: readonly (BlockSeries & Readonly<{ labels: Labels }>)[]
}>

/** An index as it is held in memory: the series in columns, as there may be many, and their labels elsewhere. */
export type BlockIndex = Omit<WrittenIndex, 'series'> & Readonly<{ series: SeriesColumns }>

/** An index as bytes: docs/formats/metrics-block.md says how. */
export function writeIndex(index: WrittenIndex): Uint8Array {
  const into = new ByteWriter(64 * 1024)
  into.varint(index.fromMs)
  into.varint(index.toMs)
  into.varint(index.samples)
  into.varint(index.parts.length)
  for (const { length } of index.parts) into.varint(length)
  into.varint(index.columns.length)
  for (const { part, offset, count } of index.columns)
    for (const number of [part, offset, count]) into.varint(number)
  const numbers = writeTexts(index.series, into)
  into.varint(index.series.length)
  for (const series of index.series) writeSeries(series, numbers, into)
  return into.bytes()
}

/** Reads an index and says the labels of each series; throws a RangeError on bytes that are none. */
export function readIndex(
  bytes: Uint8Array,
  firstOffset: number,
  heed: (labels: Labels) => void,
): BlockIndex {
  const from = new ByteReader(bytes)
  const [fromMs, toMs, samples] = [from.varint(), from.varint(), from.varint()]
  const parts = readParts(from, firstOffset)
  const columns = readMany(from, () => ({ part: from.varint(), offset: from.varint(), count: from.varint() }))
  const texts = readMany(from, () => from.text())
  const series = new SeriesColumns(countIn(from))
  for (let at = 0; at < series.length; at += 1) {
    heed(readMany(from, () => textAt(texts, from.varint())))
    series.read(at, from)
  }
  return { fromMs, toMs, samples, parts, columns, series }
}

/** Where the samples of many series are, a place in each array for each series. */
export class SeriesColumns {
  readonly length: number
  readonly #numbers: Uint32Array
  readonly #stale = new Map<number, Int32Array>()

  constructor(length: number) {
    this.length = length
    this.#numbers = new Uint32Array(4 * length)
  }

  read(at: number, from: ByteReader): void {
    for (let nth = 0; nth < 4; nth += 1) this.#numbers[4 * at + nth] = from.varint()
    const ends = countIn(from)
    if (ends === 0) return
    const stale = new Int32Array(ends)
    let last = 0
    for (let nth = 0; nth < ends; nth += 1) stale[nth] = last += from.varint()
    this.#stale.set(at, stale)
  }

  columnOf(at: number): number {
    return this.#numbers[4 * at] ?? 0
  }

  partOf(at: number): number {
    return this.#numbers[4 * at + 1] ?? 0
  }

  offsetOf(at: number): number {
    return this.#numbers[4 * at + 2] ?? 0
  }

  lengthOf(at: number): number {
    return this.#numbers[4 * at + 3] ?? 0
  }

  staleOf(at: number): Int32Array | null {
    return this.#stale.size === 0 ? null : (this.#stale.get(at) ?? null)
  }
}

/** All texts once, the ones that many series have in common first, so that their numbers are short. */
function writeTexts(series: WrittenIndex['series'], into: ByteWriter): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { labels } of series) for (const text of labels) counts.set(text, (counts.get(text) ?? 0) + 1)
  const texts = [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([text]) => text)
  into.varint(texts.length)
  for (const text of texts) into.text(text)
  return new Map(texts.map((text, at) => [text, at]))
}

function writeSeries(
  series: WrittenIndex['series'][number],
  numbers: ReadonlyMap<string, number>,
  into: ByteWriter,
): void {
  const { labels, column, part, offset, length, stale } = series
  into.varint(labels.length)
  for (const text of labels) into.varint(numbers.get(text) ?? 0)
  for (const number of [column, part, offset, length]) into.varint(number)
  into.varint(stale?.length ?? 0)
  let last = 0
  for (const at of stale ?? []) {
    into.varint(at - last)
    last = at
  }
}

function textAt(texts: readonly string[], at: number): string {
  const text = texts[at]
  if (text === undefined) throw new RangeError(`a text that is not there: ${at}`)
  return text
}

function readParts(from: ByteReader, firstOffset: number): readonly Place[] {
  let offset = firstOffset
  return readMany(from, () => {
    const length = from.varint()
    offset += length
    return { offset: offset - length, length }
  })
}

function readMany<T>(from: ByteReader, readOne: () => T): T[] {
  const many: T[] = []
  for (let left = countIn(from); left > 0; left -= 1) many.push(readOne())
  return many
}

function countIn(from: ByteReader): number {
  const count = from.varint()
  // Each takes a byte at least, so that a count that was altered does not ask for memory that is not there.
  if (count > from.end - from.at) throw new RangeError('it announces more than there is')
  return count
}
