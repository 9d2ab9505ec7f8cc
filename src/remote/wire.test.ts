import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Heard, openWire } from './wire.ts'

const nonce = 'n0n5e'
const key = '\u001ek3y'
const stream =
  `motd\n${nonce} no\n\n${nonce} hello\n\n${nonce} started ${key}\n` +
  `one\n${nonce} fail not ours\n\u001ek3\nlast\n${key} end exited 7\nlate\n`

describe('reading what the far end says', () => {
  test('the meaning does not depend on where the stream is cut', () => {
    const bytes = Buffer.from(stream)
    for (const size of [1, 2, 3, 5, 7, 11, 64, bytes.length]) {
      const wire = openWire(nonce)
      const heard: Heard[] = []
      for (let at = 0; at < bytes.length; at += size) heard.push(...wire.push(bytes.subarray(at, at + size)))
      const output = heard
        .map((it) => (it.type === 'output' ? Buffer.from(it.bytes).toString() : ''))
        .join('')
      assert.equal(output, `one\n${nonce} fail not ours\n\u001ek3\nlast\n`)
      assert.deepEqual(
        heard.filter((it) => it.type !== 'output'),
        [{ type: 'hello' }, { type: 'started' }, { type: 'ended', verdict: 'exited 7' }],
      )
      assert.equal(wire.noise(), `motd\n${nonce} no`)
    }
  })

  test('a refusal is heard', () => {
    const wire = openWire(nonce)
    assert.deepEqual(wire.push(Buffer.from(`${nonce} hello\n\n${nonce} fail garbled\n`)), [
      { type: 'hello' },
      { type: 'failed', why: 'garbled' },
    ])
  })

  test('a session that stands says no hello, and what came before counts for nothing', () => {
    const wire = openWire(nonce, 'words')
    assert.deepEqual(wire.push(Buffer.from(`late\n\n${nonce} started ${key}\nout\n${key} end exited 0\n`)), [
      { type: 'started' },
      { type: 'output', bytes: Buffer.from('out\n') },
      { type: 'ended', verdict: 'exited 0' },
    ])
  })

  test('a line is given on before the next one comes', () => {
    const wire = openWire(nonce)
    wire.push(Buffer.from(`${nonce} hello\n${nonce} started ${key}\n`))
    assert.deepEqual(wire.push(Buffer.from('one\n')), [{ type: 'output', bytes: Buffer.from('one\n') }])
  })

  test('login noise without end is not kept', () => {
    const wire = openWire(nonce)
    for (let piece = 0; piece < 100; piece += 1) wire.push(Buffer.alloc(10_000, 'x'))
    assert.ok(wire.noise().length <= 4096)
  })
})
