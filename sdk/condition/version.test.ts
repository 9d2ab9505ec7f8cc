import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { versionTest } from './version.ts'

/** As semver.org orders them. */
const rising = [
  '0.0.0-0',
  '0.0.0',
  '0.9.12',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.1.0',
  '1.0.0-alpha.2',
  '1.0.0-alpha.10',
  '1.0.0-alpha.18446744073709551616',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.1',
  '1.10.0',
  '10.0.0',
]

describe('versions', () => {
  it('are in the order of semver.org', () => {
    rising.forEach((low, at) =>
      rising.forEach((high, other) => {
        const found = ['<', '<=', '=', '!=', '>=', '>'].map((sense) => versionTest(`${sense}${high}`)?.(low))
        const expected = [at < other, at <= other, at === other, at !== other, at >= other, at > other]
        assert.deepEqual(found, expected, `${low} and ${high}`)
      }),
    )
  })

  it('are refused as a constraint where they are none', () => {
    for (const text of ['', ' ', '>', '> 1', 'x', '1.x', '^^1', '=>1', '1.2.3.4', '>=1,<2', '01.2', '1..2'])
      assert.equal(versionTest(text), null, text)
  })
})
