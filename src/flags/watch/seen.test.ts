import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Expectation } from '../../../sdk/flag/flag.ts'
import { evidenceOf, looksToHarm, type Seen, seenOnce, standingOf, unseen } from './seen.ts'

const errors: Expectation = { query: 'errors', op: 'below', value: 10 }
const free: Expectation = { query: 'free', op: 'at-least', value: 5 }

const looks = (expectation: Expectation, ...measured: readonly (number | null)[]): Seen =>
  measured.reduce<Seen>(seenOnce, unseen(expectation))

test('each sign means what it says, at its very number too', () => {
  const standing = (op: Expectation['op'], measured: number) =>
    standingOf([looks({ query: 'q', op, value: 10 }, measured)])
  const healthy = { below: [9], 'at-most': [9, 10], above: [11], 'at-least': [10, 11] } as const
  for (const [op, well] of Object.entries(healthy))
    for (const measured of [9, 10, 11])
      assert.equal(
        standing(op as Expectation['op'], measured),
        (well as readonly number[]).includes(measured) ? 'healthy' : 'doubtful',
        `${measured} ${op} 10`,
      )
})

test('one number that goes against it is a doubt, three in a row are harm, and a good one between begins anew', () => {
  assert.equal(standingOf([looks(errors, 12)]), 'doubtful')
  assert.equal(standingOf([looks(errors, 12, 12)]), 'doubtful')
  assert.equal(standingOf([looks(errors, 12, 12, 12)]), 'harmful')
  assert.equal(standingOf([looks(errors, 12, 12, 2, 12, 12)]), 'doubtful')
  assert.equal(standingOf([looks(errors, 12, null, 12, null, 12)]), 'harmful', 'silence is no good number')
  assert.equal(standingOf([looks(errors, 2), looks(free, 4, 4, 4)]), 'harmful', 'one of them is enough')
})

test('what nobody knows is never healthy', () => {
  assert.equal(standingOf([]), 'no data')
  for (const nothing of [null, Number.NaN, Infinity, -Infinity])
    assert.equal(standingOf([looks(errors, 2), looks(free, 9, nothing)]), 'no data')
})

test('evidence has query, numbers and looks, and what is worst first', () => {
  const seen = [
    looks(errors, 1, 2, 0.1 + 0.2),
    looks(free, null, null),
    looks(free, 9, 4, 3),
    looks(errors, 4, null),
  ]
  assert.deepEqual(evidenceOf(seen), [
    'free >= 5 does not hold: 3 at last, 3 at worst, against it in 2 looks in a row',
    'free >= 5: no single number in 2 looks',
    'errors < 10: no single number at last, 4 at worst, in 2 looks, 1 without a number',
    'errors < 10 holds: 0.3 at last, 2 at worst, in 3 looks',
  ])
  assert.deepEqual(evidenceOf([]), ['no metric of this flag is looked at'])
})

/** Numbers that come again in the same order for the same seed. */
function lots(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
}

test('whatever is measured, harm is said after so many bad numbers since the last good one, and health of good ones only', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const lot = lots(seed * 7_919)
    const measured = Array.from({ length: 1 + lot(12) }, () => [null, 2, 12, 12][lot(4)] ?? null)
    const known = measured.filter((one) => one !== null)
    const bad = known.length - 1 - known.lastIndexOf(2)
    const standing = standingOf([looks(errors, ...measured)])
    const says = `${measured.join()}: ${standing}`
    assert.equal(standing === 'harmful', bad >= looksToHarm, says)
    assert.equal(standing === 'healthy', measured.at(-1) === 2, says)
    assert.equal(standing === 'no data', bad === 0 && measured.at(-1) === null, says)
  }
})
