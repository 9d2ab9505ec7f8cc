import type { IncomingHttpHeaders } from 'node:http'
import type { Receipt } from '../../metrics/metrics-side.ts'
import { type Answer, refusedText, told, unless } from './answer.ts'
import type { IntakeDoor } from './intake-door.ts'

const [first, second] = ['remote write', 'remote write 2'] as const

/** How Prometheus and agents send on what they have (https://prometheus.io/docs/specs/prw/remote_write_spec/). */
export const remoteWriteDoor: IntakeDoor = {
  paths: ['/api/v1/write', '/api/v1/push'],
  limitBytes: 32 * 2 ** 20,
  labelsInAddress: false,
  protocolOf: (headers) => protocolOf(headers) ?? told(415, unsupported),
  answer: (headers, receipt) => answer(protocolOf(headers) === second, receipt),
}

const unsupported = 'send application/x-protobuf: remote write 1.0 and 2.0 are what is read here'

const messages: Readonly<Record<string, string>> = {
  '': first,
  'prometheus.WriteRequest': first,
  'io.prometheus.write.v2.Request': second,
}

function protocolOf(headers: IncomingHttpHeaders): string | null {
  const [type = '', ...params] = (headers['content-type'] ?? 'application/x-protobuf').split(';')
  if (type.trim().toLowerCase() !== 'application/x-protobuf') return null
  const proto = params.map((each) => each.trim()).find((each) => each.startsWith('proto=')) ?? ''
  const name = proto.replace('proto=', '').replaceAll('"', '')
  return Object.hasOwn(messages, name) ? (messages[name] ?? null) : null
}

/** Senders try again what is answered with 5xx, and give up what is answered with 4xx. */
function answer(isSecond: boolean, receipt: Receipt): Answer {
  if (receipt.type !== 'taken') return withCounts(isSecond, unless(receipt), 0)
  const refused = refusedText(receipt)
  const plain = refused === null ? { status: 204, headers: {}, body: '' } : told(400, refused)
  return withCounts(isSecond, plain, receipt.taken)
}

/** Senders of 2.0 are told how much of what was written. */
function withCounts(isSecond: boolean, plain: Answer, samples: number): Answer {
  if (!isSecond) return plain
  const counts = {
    'x-prometheus-remote-write-samples-written': String(samples),
    'x-prometheus-remote-write-histograms-written': '0',
    'x-prometheus-remote-write-exemplars-written': '0',
  }
  return { ...plain, headers: { ...plain.headers, ...counts } }
}
