import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginMs, stepMs, valueAt } from './made.ts'
import { lostOf } from './verdict.ts'

test('a sample that is not there, or is another, is lost', () => {
  const times = Float64Array.from({ length: 10 }, (_, tick) => beginMs + tick * stepMs)
  const values = Float64Array.from({ length: 10 }, (_, tick) => valueAt(3, tick))
  assert.equal(lostOf(3, { times, values }, 10), 0)
  assert.equal(lostOf(3, { times, values }, 12), 2, 'the last ones')
  assert.equal(lostOf(3, { times: times.subarray(1), values: values.subarray(1) }, 10), 1, 'the first one')
  assert.equal(lostOf(4, { times, values }, 10), 10, 'those of another series')
  values[5] = 0
  assert.equal(lostOf(3, { times, values }, 10), 1, 'one that was altered')
})
