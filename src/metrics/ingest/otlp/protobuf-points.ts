import type { ProtoReader } from '../protobuf/proto-reader.ts'
import { type Buckets, goneFlag, type Kind, noPoint, type Point } from './model.ts'
import { readKeyValue } from './protobuf-values.ts'

type Filling = { -readonly [Key in keyof Point]: Point[Key] } & {
  readonly attributes: Map<string, string>
  readonly bucketCounts: number[]
  readonly bounds: number[]
  readonly quantiles: Point['quantiles'][number][]
}

/** Reads a point that begins here, in the fields of its kind. */
export function readPoint(reader: ProtoReader, kind: Kind): Point {
  const end = reader.length()
  const point: Filling = { ...noPoint, attributes: new Map(), bucketCounts: [], bounds: [], quantiles: [] }
  const readField = fields[kind]
  while (reader.next(end)) {
    if (reader.field === 3) point.ms = Math.floor(reader.fixed64(false) / 1e6)
    else if (!readField(reader, point)) reader.skip()
  }
  return point
}

/** Reads the field that was met, if it is one of those that count. */
type ReadField = (reader: ProtoReader, point: Filling) => boolean

const fields: Readonly<Record<Kind, ReadField>> = {
  gauge: numberField,
  sum: numberField,
  histogram: histogramField,
  exponential: exponentialField,
  summary: summaryField,
}

function numberField(reader: ProtoReader, point: Filling): boolean {
  if (reader.field === 4) point.value = reader.double()
  else if (reader.field === 6) point.value = reader.fixed64(true)
  else if (reader.field === 7) readKeyValue(reader, point.attributes)
  else if (reader.field === 8) point.isGone = isGone(reader)
  else return false
  return true
}

function histogramField(reader: ProtoReader, point: Filling): boolean {
  if (reader.field === 4) point.count = reader.fixed64(false)
  else if (reader.field === 5) point.sum = reader.double()
  else if (reader.field === 6) addNumbers(reader, point.bucketCounts, fixed)
  else if (reader.field === 7) addNumbers(reader, point.bounds, double)
  else if (reader.field === 9) readKeyValue(reader, point.attributes)
  else if (reader.field === 10) point.isGone = isGone(reader)
  else return false
  return true
}

function exponentialField(reader: ProtoReader, point: Filling): boolean {
  if (reader.field === 1) readKeyValue(reader, point.attributes)
  else if (reader.field === 4) point.count = reader.fixed64(false)
  else if (reader.field === 5) point.sum = reader.double()
  else if (reader.field === 6) point.scale = zigzag(reader)
  else if (reader.field === 7) point.zeroCount = reader.fixed64(false)
  else if (reader.field === 8) point.positive = readBuckets(reader)
  else if (reader.field === 9) point.negative = readBuckets(reader)
  else if (reader.field === 10) point.isGone = isGone(reader)
  else return false
  return true
}

function summaryField(reader: ProtoReader, point: Filling): boolean {
  if (reader.field === 4) point.count = reader.fixed64(false)
  else if (reader.field === 5) point.sum = reader.double()
  else if (reader.field === 6) point.quantiles.push(readQuantile(reader))
  else if (reader.field === 7) readKeyValue(reader, point.attributes)
  else if (reader.field === 8) point.isGone = isGone(reader)
  else return false
  return true
}

function readQuantile(reader: ProtoReader): Point['quantiles'][number] {
  const end = reader.length()
  let [quantile, value] = [0, 0]
  while (reader.next(end)) {
    if (reader.field === 1) quantile = reader.double()
    else if (reader.field === 2) value = reader.double()
    else reader.skip()
  }
  return { quantile, value }
}

function readBuckets(reader: ProtoReader): Buckets {
  const end = reader.length()
  let offset = 0
  const counts: number[] = []
  while (reader.next(end)) {
    if (reader.field === 1) offset = zigzag(reader)
    else if (reader.field === 2) addNumbers(reader, counts, varint)
    else reader.skip()
  }
  return { offset, counts }
}

const isGone = (reader: ProtoReader): boolean => (reader.uint() & goneFlag) !== 0

/** A signed number as senders write small ones: 0, -1, 1, -2 … as 0, 1, 2, 3 … */
function zigzag(reader: ProtoReader): number {
  const value = reader.uint()
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2
}

type ReadOne = Readonly<{ packed: (reader: ProtoReader) => number; alone: (reader: ProtoReader) => number }>

const fixed: ReadOne = { packed: (reader) => reader.bareFixed64(), alone: (reader) => reader.fixed64(false) }
const double: ReadOne = { packed: (reader) => reader.bareDouble(), alone: (reader) => reader.double() }
const varint: ReadOne = { packed: (reader) => reader.varint(), alone: (reader) => reader.uint() }

/** A list of numbers goes on: in one piece, or each by itself. */
function addNumbers(reader: ProtoReader, list: number[], read: ReadOne): void {
  if (!reader.isBytes()) {
    list.push(read.alone(reader))
    return
  }
  const end = reader.length()
  while (reader.at < end) list.push(read.packed(reader))
}
