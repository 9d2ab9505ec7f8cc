import type { Labels } from '../../src/metrics/labels.ts'
import type { WrittenSample } from '../../src/metrics/memory-source.ts'
import type { Written } from './written.ts'

const seriesInRequest = 200

/** Hands series over to a Prometheus, by its remote write protocol. */
export async function remoteWrite(address: string, series: readonly Written[]): Promise<void> {
  for (let at = 0; at < series.length; at += seriesInRequest) {
    const body = stored(
      Buffer.concat(series.slice(at, at + seriesInRequest).map((each) => field(1, timeSeries(each)))),
    )
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    }
    const answer = await fetch(`${address}/api/v1/write`, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(`the peer refused samples: ${answer.status} ${await answer.text()}`)
  }
}

function timeSeries({ labels, samples }: Written): Buffer {
  return Buffer.concat([...labelFields(labels), ...samples.map((sample) => field(2, sampleMessage(sample)))])
}

function labelFields(labels: Labels): readonly Buffer[] {
  const fields: Buffer[] = []
  for (let at = 0; at < labels.length; at += 2)
    fields.push(field(1, Buffer.concat([text(1, labels[at] ?? ''), text(2, labels[at + 1] ?? '')])))
  return fields
}

const staleMarker = 0x7ff0000000000002n

function sampleMessage({ atMs, value }: WrittenSample): Buffer {
  const message = Buffer.alloc(9)
  message[0] = 0x09
  if (value === 'stale') message.writeBigUInt64LE(staleMarker, 1)
  else message.writeDoubleLE(value, 1)
  return Buffer.concat([message, Buffer.from([0x10]), varint(atMs)])
}

function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value))
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return Buffer.from([...bytes, rest])
}

/** Snappy's block format, with everything in one literal: nothing is compressed. */
function stored(content: Buffer): Buffer {
  const tag = Buffer.alloc(5)
  tag[0] = 63 << 2
  tag.writeUInt32LE(content.length - 1, 1)
  return Buffer.concat([varint(content.length), tag, content])
}
