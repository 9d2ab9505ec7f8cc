import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded } from '../../lab/random.ts'
import { momentOf } from './date.ts'

describe('moments', () => {
  it('are those that Date finds', () => {
    const random = seeded(5)
    const two = (number: number): string => String(number).padStart(2, '0')
    for (let round = 0; round < 20_000; round += 1) {
      const year = String(
        random.pick([1, 99, 1600, 1900, 1969, 1970, 2000, 2024, 2026, 2100, 9999]),
      ).padStart(4, '0')
      const day = `${year}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`
      const time = `${two(random.between(0, 23))}:${two(random.between(0, 59))}`
      const fine = random.pick(['', ':07', ':59.5', ':00.123', ':01.9999'])
      const zone = random.pick(['Z', '+02:00', '-11:30', '+00:00'])
      const text = random.pick([day, `${day}T${time}${fine}${zone}`])
      assert.equal(momentOf(text), new Date(text).getTime(), text)
    }
  })

  it('are no days that there are not', () => {
    for (const text of [
      '2026-02-29',
      '1900-02-29',
      '2026-04-31',
      '2026-00-10',
      '2026-10-00',
      '2026-1-1',
      '',
      '26-01-01',
    ])
      assert.ok(Number.isNaN(momentOf(text)), text)
    assert.equal(momentOf('2000-02-29'), Date.UTC(2000, 1, 29))
  })
})
