import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seeded } from '../../../../lab/random.ts'
import { TooLong, Unreadable } from '../unreadable.ts'
import { compress } from './compress.ts'
import { decompress } from './decompress.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)
const limit = 2 ** 22

describe('snappy', () => {
  // Written by hand after the description of the format: literals, and all three kinds of copies.
  const blocks: readonly (readonly [string, string])[] = [
    ['00', ''],
    ['05 10 68 65 6c 6c 6f', 'hello'],
    ['0a 08 61 62 63 0d 03', 'abcabcabca'],
    ['06 04 61 62 0e 02 00', 'ababab'],
    ['06 04 61 62 0f 02 00 00 00', 'ababab'],
    ['03 f0 02 61 62 63', 'abc'],
  ]
  for (const [hex, text] of blocks)
    test(`opens ${hex}`, () => {
      const block = Buffer.from(hex.replaceAll(' ', ''), 'hex')
      assert.equal(Buffer.from(decompress(block, limit)).toString(), text)
    })

  const broken = [
    '',
    'ff ff ff ff ff 01',
    '05',
    '05 10 68',
    '04 08 61 62 63 05 00',
    '04 08 61 62 63 05 04',
    '02 08 61 62 63',
    '05 08 61 62 63',
    '06 04 61 62 0e 02',
    '03 f4 02',
  ]
  for (const hex of broken)
    test(`refuses ${JSON.stringify(hex)}`, () => {
      const block = Buffer.from(hex.replaceAll(' ', ''), 'hex')
      assert.throws(
        () => decompress(block, limit),
        (thrown) => thrown instanceof Unreadable,
      )
    })

  test('compares what is claimed with the limit before it makes room', () => {
    const claim = Buffer.from('ffffff7f00', 'hex')
    assert.throws(
      () => decompress(claim, limit),
      (thrown) =>
        thrown instanceof TooLong &&
        /4194304 bytes are allowed, and the content would be 268435455 bytes long/.test(thrown.message),
    )
    assert.throws(() => decompress(claim, 2 ** 30), /broken/)
  })

  test(`gives back what was compressed, and makes it smaller where it repeats itself (SEED=${seed})`, () => {
    const random = seeded(seed)
    for (let round = 0; round < 60; round += 1) {
      const length = random.pick([0, 1, 5, 14, 15, 16, 300, 65_535, 65_536, 65_537, 200_000])
      const letters = random.pick([1, 2, 4, 256])
      const period = random.pick([1, 3, 70, 3_000, 80_000])
      const bytes = new Uint8Array(length)
      for (let at = 0; at < length; at += 1)
        bytes[at] =
          at >= period && random.next() < 0.98 ? (bytes[at - period] ?? 0) : random.between(0, letters - 1)
      const block = compress(bytes)
      assert.deepEqual(decompress(block, limit), bytes)
      assert.ok(block.length <= 40 + length + length / 6)
      if (length > 10_000 && period === 70)
        assert.ok(block.length < length / 2, `${block.length} of ${length}`)
    }
  })
})
