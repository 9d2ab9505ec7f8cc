import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aChange } from '../dev-hub/sample.ts'
import { byDay, hasText, momentsOf, type Push } from './timeline.ts'

test('a filter finds every word of it somewhere in the row', () => {
  const change = aChange({ status: 'done', revertedBy: 'c2' })
  for (const text of ['', 'ADA', 'basket', 'ada 3f2a', 'reverted', 'c1', 'production cli'])
    assert.equal(hasText(change, text), true, text)
  for (const text of ['grace', 'ada grace', 'running']) assert.equal(hasText(change, text), false, text)
})

test('changes stand under their day in the order given, and pushes between them', () => {
  const now = new Date(2026, 10, 23, 12).getTime()
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime()
  const changes = [
    aChange({ id: 'c4', orderedAt: at(23, 9) }),
    aChange({ id: 'c3', orderedAt: at(23, 0) }),
    aChange({ id: 'c2', orderedAt: at(22, 23) }),
    aChange({ id: 'c1', orderedAt: at(20, 1) }),
  ]
  const pushed = (seq: number, time: number): Push => ({
    type: 'pushed',
    ref: 'refs/heads/main',
    from: null,
    to: 'a',
    who: 'ada',
    door: 'git',
    subject: '',
    seq,
    change: null,
    about: 'shop',
    at: time,
    prev: '',
    hash: '',
  })
  const pushes = [pushed(1, at(19, 1)), pushed(2, at(21, 5)), pushed(3, at(23, 8)), pushed(4, at(23, 10))]
  const words = (moments: ReturnType<typeof momentsOf>) =>
    moments.map((moment) => (moment.type === 'change' ? moment.change.id : `push ${moment.push.seq}`))
  assert.deepEqual(
    byDay(momentsOf(changes, pushes), now).map(({ day, moments }) => [day, words(moments)]),
    [
      ['Today', ['push 4', 'c4', 'push 3', 'c3']],
      ['Yesterday', ['c2']],
      ['Saturday, 21 Nov', ['push 2']],
      ['Friday, 20 Nov', ['c1']],
    ],
  )
  assert.deepEqual(momentsOf([], pushes), [])
})
