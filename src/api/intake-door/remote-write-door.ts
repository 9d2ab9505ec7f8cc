import type { IncomingHttpHeaders } from 'node:http'
import type { Receipt } from '../../metrics/metrics-side.ts'
import { type Answer, refusedText, told, unless } from './answer.ts'
import type { IntakeDoor } from './intake-door.ts'

const first = 'remote write'

/** How Prometheus and agents send on what they have (https://prometheus.io/docs/specs/prw/remote_write_spec/). */
export const remoteWriteDoor: IntakeDoor = {
  paths: ['/api/v1/write', '/api/v1/push'],
  limitBytes: 32 * 2 ** 20,
  labelsInAddress: false,
  protocolOf: (headers) => (isProtobuf(headers) ? first : told(415, unsupported)),
  answer: (_, receipt) => answer(receipt),
}

const unsupported = 'send application/x-protobuf: remote write 1.0 is what is read here'

function isProtobuf(headers: IncomingHttpHeaders): boolean {
  const [type = '', ...params] = (headers['content-type'] ?? 'application/x-protobuf').split(';')
  const proto = params.map((each) => each.trim()).find((each) => each.startsWith('proto='))
  const isFirst = proto === undefined || /^proto="?prometheus\.WriteRequest"?$/.test(proto)
  return type.trim().toLowerCase() === 'application/x-protobuf' && isFirst
}

/** Senders try again what is answered with 5xx, and give up what is answered with 4xx. */
function answer(receipt: Receipt): Answer {
  if (receipt.type !== 'taken') return unless(receipt)
  const refused = refusedText(receipt)
  return refused === null ? { status: 204, headers: {}, body: '' } : told(400, refused)
}
