import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FrameReader } from './frame.ts'

const told = (...lines: readonly string[]) => {
  const reader = new FrameReader()
  return lines.flatMap((line) => reader.push(line))
}

test('parts are told as soon as they are whole', () => {
  const lines = [
    '#frame',
    '#slots',
    ' shop.production a 0123 live',
    ' shop.production b 4567 beside',
    '#stat',
    ' cpu  1 2',
    '#pressure io',
    ' some total=1',
    '#seen',
    '#got 0 0.25 text/plain; version=0.0.4',
    ' x 1',
    '+y{a="long',
    ' er"} 2',
    '#failed 1 1.00',
    ' no answer within 1 s',
    '.',
  ]
  assert.deepEqual(told(...lines), [
    { type: 'began' },
    {
      type: 'slots',
      slots: [
        { place: 'shop.production', slot: 'a', release: '0123', isLive: true },
        { place: 'shop.production', slot: 'b', release: '4567', isLive: false },
      ],
    },
    {
      type: 'seen',
      parts: [
        { name: 'stat', words: [], lines: ['cpu  1 2'] },
        { name: 'pressure', words: ['io'], lines: ['some total=1'] },
      ],
    },
    {
      type: 'answered',
      key: '0',
      tookMs: 250,
      contentType: 'text/plain; version=0.0.4',
      text: 'x 1\ny{a="longer"} 2',
    },
    { type: 'failed', key: '1', tookMs: 1000, why: 'no answer within 1 s' },
  ])
})

test('what a frame of a session before has left is nothing in the next', () => {
  assert.deepEqual(told('#frame', '#stat', ' cpu 1', '#frame', '#seen', '.'), [
    { type: 'began' },
    { type: 'began' },
    { type: 'seen', parts: [] },
  ])
})

test('what is no line of a frame is passed over', () => {
  assert.deepEqual(told('', 'perl: warning: setting locale failed.', '… 12 lines left out'), [])
})
