import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { begin, finish } from './murmur3.ts'

/** As the page of the algorithm has it, over bytes that are there at once. */
function plain(bytes: Uint8Array, seed: number): number {
  const scrambled = (word: number): number => {
    const product = Math.imul(word, 0xcc9e2d51)
    return Math.imul((product << 15) | (product >>> 17), 0x1b873593)
  }
  let hash = seed
  const whole = bytes.length & ~3
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; at < whole; at += 4) {
    hash ^= scrambled(view.getInt32(at, true))
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  let tail = 0
  for (let at = bytes.length - 1; at >= whole; at -= 1) tail = (tail << 8) | (bytes[at] ?? 0)
  if (bytes.length > whole) hash ^= scrambled(tail)
  hash ^= bytes.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

const encoder = new TextEncoder()

describe('murmur3', () => {
  it('gives the hashes of other implementations', () => {
    const known: readonly (readonly [string, string])[] = [
      ['user-1', '747a0f51'],
      ['użytkownik-1', '95721ca9'],
      ['用户-1', '61af165e'],
      ['😀-1', '34d71f83'],
      ['\ud83d', '8e9a297a'],
    ]
    for (const [key, hash] of known)
      assert.equal((finish(begin('new-checkout', 0), key) >>> 0).toString(16), hash, key)
  })

  it('hashes the UTF-8 bytes of every code point, wherever in a word they fall', () => {
    const begun = ['', 'a', 'ab', 'abc'].map((salt) => [salt, begin(salt, 0)] as const)
    for (let point = 0; point <= 0x10ffff; point += 1) {
      const text = String.fromCodePoint(point)
      const [salt, from] = begun[point & 3] ?? assert.fail()
      const expected = plain(encoder.encode(`${salt}${text}z`), 0)
      if (finish(from, `${text}z`) !== expected) assert.fail(`U+${point.toString(16)} after '${salt}'`)
    }
  })

  it('does not care where the first text ends', () => {
    const text = 'aż文😀b\u07ff\u0800-zzzz'
    const points = Array.from(text)
    for (let seed = 0; seed < 3; seed += 1)
      for (let at = 0; at <= points.length; at += 1) {
        const [first, rest] = [points.slice(0, at).join(''), points.slice(at).join('')]
        assert.equal(finish(begin(first, seed), rest), plain(encoder.encode(text), seed), `at ${at}`)
      }
  })
})
