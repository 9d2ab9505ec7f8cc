import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openLineBuffer } from './line-buffer.ts'
import { openLineSplitter } from './line-splitter.ts'

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = []
  for await (const line of lines) all.push(line)
  return all
}

describe('the line buffer', () => {
  test('gives lines in order and then ends', async () => {
    const buffer = openLineBuffer()
    buffer.push('one')
    const all = collect(buffer.lines)
    buffer.push('two')
    await new Promise((resolve) => setTimeout(resolve, 5))
    buffer.push('three')
    buffer.end()
    buffer.push('after the end')
    assert.deepEqual(await all, ['one', 'two', 'three'])
  })

  test('a reader who is too slow gets the last lines and is told how many are missing', async () => {
    const buffer = openLineBuffer(3)
    for (const line of ['1', '2', '3', '4', '5']) buffer.push(line)
    buffer.end()
    assert.deepEqual(await collect(buffer.lines), ['… 2 lines left out', '3', '4', '5'])
  })

  test('long lines are bounded by their length too', async () => {
    const buffer = openLineBuffer()
    for (let n = 0; n < 4_000; n += 1) buffer.push('x'.repeat(4_096))
    buffer.end()
    const all = await collect(buffer.lines)
    assert.match(all[0] ?? '', /^… \d+ lines left out$/)
    assert.ok(all.length < 2_000)
  })

  test('what comes after the reader has left is dropped', async () => {
    const buffer = openLineBuffer()
    buffer.push('one')
    for await (const line of buffer.lines) {
      assert.equal(line, 'one')
      break
    }
    buffer.push('two')
    buffer.end()
    assert.deepEqual(await collect(buffer.lines), [])
  })
})

describe('splitting into lines', () => {
  const split = (secrets: readonly string[], ...pieces: readonly (string | Uint8Array)[]): string[] => {
    const lines: string[] = []
    const splitter = openLineSplitter(secrets, (line) => lines.push(line))
    for (const piece of pieces) splitter.push(typeof piece === 'string' ? Buffer.from(piece) : piece)
    splitter.end()
    return lines
  }

  test('blank lines stay, save the one the end mark brings', () => {
    assert.deepEqual(split([], 'a\n\nb\n', '\n'), ['a', '', 'b'])
    assert.deepEqual(split([], 'a\n\n', '\n'), ['a', ''])
    assert.deepEqual(split([], '\n'), [])
    assert.deepEqual(split([], 'a\n'), ['a'])
  })

  test('characters cut between pieces are whole again, and bad bytes are replaced', () => {
    const bytes = Buffer.from('aä€😀\n')
    for (let at = 0; at < bytes.length; at += 1)
      assert.deepEqual(split([], bytes.subarray(0, at), bytes.subarray(at)), ['aä€😀'])
    assert.deepEqual(split([], Uint8Array.of(0x61, 0xff, 0x62)), ['a\uFFFDb'])
  })

  test('long lines are cut, never inside a character', () => {
    const lines = split([], `${'x'.repeat(4_095)}😀${'y'.repeat(4_100)}\nz`)
    assert.deepEqual(
      lines.map((line) => line.length),
      [4_095, 4_096, 6, 1],
    )
  })

  test('a secret across the cut of a long line is masked', () => {
    const lines = split(['hunter2'], 'x'.repeat(4_093), 'hunt', 'er2 yes\n')
    assert.equal(lines.join(''), `${'x'.repeat(4_093)}[secret] yes`)
  })
})
