import type { Described } from '../../intake.ts'
import type { Labels } from '../../labels.ts'
import { ByteWriter } from '../../storage/codec/bytes.ts'

/** Samples of one series that go out; those that `stale` counts out say that it has ended. */
export type Outgoing = Readonly<{
  labels: Labels
  times: ArrayLike<number>
  values: ArrayLike<number>
  stale: ArrayLike<number> | null
}>

export const metricTypes: readonly Described['type'][] = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
]

/** A request of remote write 1.0, not compressed. Times are whole milliseconds from 0 on. */
export function writeRequest(
  series: Iterable<Outgoing>,
  described: ReadonlyMap<string, Described> = new Map(),
): Uint8Array<ArrayBuffer> {
  const [into, message, inner] = [new ByteWriter(16_384), new ByteWriter(), new ByteWriter()]
  for (const each of series) {
    message.clear()
    writeSeries(each, message, inner)
    putMessage(into, 1, message)
  }
  for (const [metric, said] of described) {
    message.clear()
    writeDescribed(metric, said, message)
    putMessage(into, 3, message)
  }
  return into.bytes()
}

/** A series with its samples, as it stands in its message. `inner` is written over. */
export function writeSeries(
  { labels, times, values, stale }: Outgoing,
  into: ByteWriter,
  inner: ByteWriter,
): void {
  writeLabels(labels, into, inner)
  let ended = 0
  for (let at = 0; at < times.length; at += 1) {
    const isStale = stale !== null && stale[ended] === at
    if (isStale) ended += 1
    writeSample(isStale ? null : (values[at] ?? 0), times[at] ?? 0, { into, inner })
  }
}

/** The labels of a series, as they stand in its message. `inner` is written over. */
export function writeLabels(labels: Labels, into: ByteWriter, inner: ByteWriter): void {
  for (let at = 0; at < labels.length; at += 2) {
    inner.clear()
    putText(inner, 1, labels[at] ?? '')
    putText(inner, 2, labels[at + 1] ?? '')
    putMessage(into, 1, inner)
  }
}

/** A sample as it stands in the message of its series; null ends the series. `inner` is written over. */
export function writeSample(
  value: number | null,
  ms: number,
  { into, inner }: Readonly<{ into: ByteWriter; inner: ByteWriter }>,
): void {
  inner.clear()
  inner.byte(0x09)
  if (value === null) putStale(inner)
  else inner.double(value)
  inner.byte(0x10)
  inner.varint(ms)
  putMessage(into, 2, inner)
}

/** The one NaN of many that ends a series. */
function putStale(into: ByteWriter): void {
  into.u32(2)
  into.u32(0x7ff00000)
}

function writeDescribed(metric: string, { type, help, unit }: Described, into: ByteWriter): void {
  into.byte(0x08)
  into.varint(Math.max(0, metricTypes.indexOf(type)))
  putText(into, 2, metric)
  putText(into, 4, help)
  putText(into, 5, unit)
}

function putText(into: ByteWriter, field: number, text: string): void {
  into.byte((field << 3) | 2)
  into.text(text)
}

/** A message within another. */
export function putMessage(into: ByteWriter, field: number, message: ByteWriter): void {
  into.byte((field << 3) | 2)
  into.varint(message.length)
  into.put(message.bytes())
}
