import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aChange } from '../dev-hub/sample.ts'
import { byDay, hasText } from './timeline.ts'

test('a filter finds every word of it somewhere in the row', () => {
  const change = aChange({ status: 'done', revertedBy: 'c2' })
  for (const text of ['', 'ADA', 'basket', 'ada 3f2a', 'reverted', 'c1', 'production cli'])
    assert.equal(hasText(change, text), true, text)
  for (const text of ['grace', 'ada grace', 'running']) assert.equal(hasText(change, text), false, text)
})

test('changes stand under their day, in the order given', () => {
  const now = new Date(2026, 10, 23, 12).getTime()
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime()
  const days = byDay(
    [
      aChange({ id: 'c4', orderedAt: at(23, 9) }),
      aChange({ id: 'c3', orderedAt: at(23, 0) }),
      aChange({ id: 'c2', orderedAt: at(22, 23) }),
      aChange({ id: 'c1', orderedAt: at(20, 1) }),
    ],
    now,
  )
  assert.deepEqual(
    days.map(({ day, changes }) => [day, changes.map(({ id }) => id)]),
    [
      ['Today', ['c4', 'c3']],
      ['Yesterday', ['c2']],
      ['Friday, 20 Nov', ['c1']],
    ],
  )
})
