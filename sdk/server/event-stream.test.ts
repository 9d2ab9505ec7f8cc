import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EventReader } from './event-stream.ts'

const text = [
  ': a comment\n',
  'event: full\r\nid: 7\r\ndata: {"a":\r\ndata: 1}\r\n\r\n',
  'data:no space\rdata\r\r',
  'event: none\n\n',
  'retry: 5\nevent:  two spaces\ndata: ż😀\n\n',
].join('')

const events = [
  { event: 'full', data: '{"a":\n1}' },
  { event: 'message', data: 'no space\n' },
  { event: ' two spaces', data: 'ż😀' },
]

describe('the event reader', () => {
  it('finds the same events however the text is cut', () => {
    for (let size = 1; size <= text.length; size += 1) {
      const reader = new EventReader()
      const found = []
      for (let at = 0; at < text.length; at += size) found.push(...reader.push(text.slice(at, at + size)))
      assert.deepEqual(found, events, `in pieces of ${size}`)
    }
  })

  it('drops an event that was cut', () => {
    const reader = new EventReader()
    assert.deepEqual(reader.push('event: delta\ndata: {"rev":'), [])
    assert.deepEqual(reader.push('"x"}\n'), [])
    assert.deepEqual(reader.push('\n'), [{ event: 'delta', data: '{"rev":"x"}' }])
  })

  it('is done with a long event in time that grows with it', () => {
    const reader = new EventReader()
    const began = process.cpuUsage()
    for (let at = 0; at < 2000; at += 1) reader.push(at === 0 ? 'data: ' : 'x'.repeat(10_000))
    const [event] = reader.push('\n\n')
    assert.equal(event?.data.length, 1999 * 10_000)
    const ms = process.cpuUsage(began).user / 1000
    assert.ok(ms < 2000, `${ms} ms`)
  })

  it('refuses one without end', () => {
    const reader = new EventReader()
    const piece = `data: ${'x'.repeat(2 ** 20)}\n`
    assert.throws(() => {
      for (let at = 0; at < 100; at += 1) reader.push(piece)
    }, /longer than/)
  })
})
