import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeEvent, makeEventReader } from './sse.ts'

const sent = [
  { event: 'entry', id: '7', data: '{"a":"b: c"}' },
  { event: 'ping', id: null, data: '{}' },
  { event: 'log', id: null, data: '{"text":"ü"}' },
]

test('events come out as they went in, however the stream is cut', () => {
  const text = `retry: 1000\n\n${sent.map((one) => encodeEvent(one)).join('')}`
  for (let size = 1; size < text.length; size += 1) {
    const eventsIn = makeEventReader(1_000)
    const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
      text.slice(i * size, (i + 1) * size),
    )
    assert.deepEqual(
      chunks.flatMap((chunk) => eventsIn(chunk)),
      sent,
      `chunks of ${size}`,
    )
  }
})

test('half an event is not one', () => {
  assert.deepEqual(makeEventReader(100)('event: entry\ndata: {}\n'), [])
})

test('an event without end is given up at the limit', () => {
  assert.throws(() => makeEventReader(10)('data: 1234567890'), /over 10 characters/)
})
