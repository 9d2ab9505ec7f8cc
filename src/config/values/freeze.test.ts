import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freezeOf, frozenBy, zoneOf } from './freeze.ts'

const at = (written: string): number => Date.parse(written)

function frozen(written: string, moment: string, zone: string | null = 'UTC'): boolean {
  const freeze = freezeOf(written)
  assert.ok(freeze !== null, written)
  return frozenBy([freeze], at(moment), zone) === freeze
}

test('a weekend is frozen over the end of the week, and not a minute longer', () => {
  const weekend = 'Fri 16:00 - Mon 08:00'
  // 2026-11-27 is a Friday.
  assert.equal(frozen(weekend, '2026-11-27T15:59:59Z'), false)
  assert.equal(frozen(weekend, '2026-11-27T16:00:00Z'), true)
  assert.equal(frozen(weekend, '2026-11-29T23:59:00Z'), true)
  assert.equal(frozen(weekend, '2026-11-30T07:59:59Z'), true)
  assert.equal(frozen(weekend, '2026-11-30T08:00:00Z'), false)
  assert.equal(frozen('Mon 09:00 - Mon 17:00', '2026-11-30T12:00:00Z'), true)
})

test('days are frozen from their first minute to their last, in the zone of the team', () => {
  const holidays = '2026-12-24 - 2027-01-01'
  assert.equal(frozen(holidays, '2026-12-23T23:30:00Z'), false)
  assert.equal(frozen(holidays, '2026-12-23T23:30:00Z', 'Europe/Berlin'), true)
  assert.equal(frozen(holidays, '2027-01-01T23:59:00Z'), true)
  assert.equal(frozen(holidays, '2027-01-02T00:00:00Z'), false)
  assert.equal(frozen('2026-12-31', '2026-12-31T10:00:00Z'), true)
})

test('what means nothing is refused', () => {
  const written = ['Fri 16:00', 'Fri 24:00 - Mon 08:00', 'fri 16:00 - mon 08:00', 'Mon 08:00 - Mon 08:00']
  for (const text of [...written, '2026-02-30', '2027-01-02 - 2026-12-20', '']) {
    assert.equal(freezeOf(text), null, text)
  }
  assert.equal(zoneOf('Europe/Berlin'), 'Europe/Berlin')
  assert.equal(zoneOf('Europe/Atlantis'), null)
})
