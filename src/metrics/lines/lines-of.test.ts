import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Faults } from './fault.ts'
import { linesOf, LineStream, type TakeLine } from './lines-of.ts'

function collecting() {
  const lines: string[] = []
  const takeLine: TakeLine = (bytes, from, to) =>
    void lines.push(Buffer.from(bytes.subarray(from, to)).toString('utf8'))
  return { lines, takeLine }
}

test('a packet is its lines, whatever ends them', () => {
  const { lines, takeLine } = collecting()
  linesOf(Buffer.from('a:1|c\nb:2|g\r\n\n\r\nc:3|s'), takeLine)
  assert.deepEqual(lines, ['a:1|c', 'b:2|g', 'c:3|s'])
})

test('a connection gives the same lines wherever it is cut', () => {
  const text = Buffer.from('größe:1|c\r\nb:2|g\n\nlast:3|s')
  for (let first = 0; first <= text.length; first += 1)
    for (let second = first; second <= text.length; second += 1) {
      const { lines, takeLine } = collecting()
      const stream = new LineStream(takeLine, new Faults(), 100)
      for (const piece of [text.subarray(0, first), text.subarray(first, second), text.subarray(second)])
        stream.push(piece)
      stream.close()
      assert.deepEqual(lines, ['größe:1|c', 'b:2|g', 'last:3|s'], `cut at ${first} and ${second}`)
    }
})

test('a line without an end is thrown away, counted once, and what follows is taken', () => {
  const { lines, takeLine } = collecting()
  const faults = new Faults()
  const stream = new LineStream(takeLine, faults, 100)
  for (let piece = 0; piece < 1000; piece += 1) stream.push(Buffer.alloc(64 * 1024, 0x61))
  assert.deepEqual([...faults.counts()], [['too long', 1]])
  stream.push(Buffer.from('\nb:2|g\n'))
  assert.deepEqual(lines, ['b:2|g'])
})

test('what is shown of a wrong line holds nothing but text', () => {
  const faults = new Faults()
  const line = Buffer.from(`\x1b[31m${'é'.repeat(100)}`)
  faults.add('shape', line, 0, line.length)
  faults.add('shape', line, 0, line.length)
  const examples = faults.takeExamples()
  assert.equal(examples.length, 1)
  assert.match(examples[0]?.line ?? '', /^\?\[31m\?+…$/)
  assert.deepEqual(faults.takeExamples(), [])
})
