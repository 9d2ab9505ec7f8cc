import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lotsOf } from './lots.ts'

const draw = { hash: 'tandem-1', salt: 'r1:' } as const

describe('lots', () => {
  it('have exact bounds where doubles are off by one', () => {
    const { bound } = lotsOf(draw, 'share', 4_194_307)
    assert.equal(bound(3_728_728, 4_194_307) + 2 ** 31, 3_818_214_742)
    assert.notEqual(Math.ceil((3_728_728 * 2 ** 32) / 4_194_307), 3_818_214_742)
  })

  it('divide as (hash * of) >> 32 does', () => {
    const { lot, bound } = lotsOf(draw, 'split', 10_000)
    for (let at = 0; at < 2000; at += 1) {
      const key = `user-${at}`
      const place = Number(((BigInt(lot(key)) + 2n ** 31n) * 10_000n) >> 32n)
      assert.ok(lot(key) < bound(place + 1, 10_000), key)
      assert.ok(lot(key) >= bound(place, 10_000), key)
    }
  })

  it('depend on the ratio only, and nobody is below nothing', () => {
    const { bound } = lotsOf(draw, 'share', 100)
    assert.equal(bound(1, 2), bound(50, 100))
    assert.equal(bound(0, 100), -(2 ** 31))
    assert.equal(bound(100, 100), 2 ** 31)
  })

  it('are near to even', () => {
    const { lot, bound } = lotsOf(draw, 'share', 10)
    const limit = bound(1, 10)
    const inside = Array.from({ length: 20_000 }, (_, at) => `user-${at}`).filter((key) => lot(key) < limit)
    // Six standard deviations of a fair draw.
    assert.ok(Math.abs(inside.length - 2000) < 6 * Math.sqrt(20_000 * 0.09), `${inside.length}`)
  })
})
