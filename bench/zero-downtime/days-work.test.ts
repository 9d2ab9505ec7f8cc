import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seeded } from '../../lab/random.ts'
import { daysWork } from './days-work.ts'

test('every change that was asked for comes, and no revert has nothing to go back to', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const tasks = daysWork({ good: 20, reverts: 10, broken: 10 }, seeded(seed))
    const countOf = (type: string): number => tasks.filter((task) => task.type === type).length
    assert.deepEqual([countOf('good'), countOf('revert'), countOf('broken')], [20, 10, 10])
    let height = 1
    for (const { type } of tasks) {
      if (type === 'revert') assert.ok(height > 1, `seed ${seed}`)
      if (type !== 'broken') height += type === 'good' ? 1 : -1
    }
    const kinds = new Set(tasks.flatMap((task) => (task.type === 'broken' ? [task.fault] : [])))
    assert.equal(kinds.size, 4)
  }
})

test('the same seed gives the same day', () => {
  const day = (): unknown => daysWork({ good: 5, reverts: 3, broken: 3 }, seeded(7))
  assert.deepEqual(day(), day())
})

test('more reverts than releases are refused', () => {
  assert.throws(() => daysWork({ good: 1, reverts: 2, broken: 0 }, seeded(1)), /2 reverts/)
})
