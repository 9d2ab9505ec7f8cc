import type { IncomingHttpHeaders } from 'node:http'
import type { Receipt, TakenCount } from '../../metrics/metrics-side.ts'
import { type Answer, refusedText, told, unless } from './answer.ts'
import type { IntakeDoor } from './intake-door.ts'

/** Programs with OpenTelemetry in them, and its collector (https://opentelemetry.io/docs/specs/otlp/#otlphttp). */
export const otlpDoor: IntakeDoor = {
  paths: ['/v1/metrics', '/api/v1/otlp/v1/metrics'],
  limitBytes: 20 * 2 ** 20,
  labelsInAddress: false,
  protocolOf: (headers) =>
    formOf(headers) === null ? told(415, 'send application/x-protobuf or application/json') : 'otlp',
  answer,
}

type Form = 'protobuf' | 'json'

function formOf(headers: IncomingHttpHeaders): Form | null {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type === 'application/x-protobuf') return 'protobuf'
  return type === 'application/json' ? 'json' : null
}

/** Senders try again what is answered with 503, and nothing else: what was refused in part is answered with 200. */
function answer(headers: IncomingHttpHeaders, receipt: Receipt): Answer {
  const form = formOf(headers) ?? 'protobuf'
  if (receipt.type === 'taken')
    return inForm(form, 200, form === 'json' ? partlyJson(receipt) : partlyBytes(receipt))
  const plain = unless(receipt)
  const { status } = plain
  const { 'content-type': _, ...more } = plain.headers
  const answered = inForm(
    form,
    status,
    form === 'json' ? JSON.stringify({ message: receipt.what }) : statusBytes(receipt.what),
  )
  return { ...answered, headers: { ...more, ...answered.headers } }
}

function inForm(form: Form, status: number, body: string | Uint8Array): Answer {
  const type = form === 'json' ? 'application/json' : 'application/x-protobuf'
  return { status, headers: { 'content-type': type }, body }
}

function partlyJson(count: TakenCount): string {
  const errorMessage = refusedText(count)
  if (errorMessage === null) return '{}'
  return JSON.stringify({
    partialSuccess: { rejectedDataPoints: String(count.samples - count.taken), errorMessage },
  })
}

/** ExportMetricsServiceResponse {partial_success = 1 {rejected_data_points = 1, error_message = 2}}. */
function partlyBytes(count: TakenCount): Uint8Array {
  const text = refusedText(count)
  if (text === null) return new Uint8Array(0)
  const rejected = Buffer.from([0x08, ...varint(count.samples - count.taken)])
  return field(1, Buffer.concat([rejected, field(2, Buffer.from(text))]))
}

/** google.rpc.Status {message = 2}. */
function statusBytes(message: string): Uint8Array {
  return field(2, Buffer.from(message))
}

function field(at: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([at * 8 + 2, ...varint(content.length)]), content])
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))]
}
