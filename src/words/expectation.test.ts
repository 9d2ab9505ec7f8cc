import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expectationIn, expectationText } from './expectation.ts'

test('what must hold is read as it is written, and written as it is read', () => {
  const read = [
    ['max(p99_ms) < 800', { query: 'max(p99_ms)', op: 'below', value: 800 }],
    ['up >= 1', { query: 'up', op: 'at-least', value: 1 }],
    ['a <= -0.5', { query: 'a', op: 'at-most', value: -0.5 }],
    ['sum by (a, b) (x > 2) > 1e-3', { query: 'sum by (a, b) (x > 2)', op: 'above', value: 0.001 }],
    ['count(\n  x == 1\n) < 3', { query: 'count(\n  x == 1\n)', op: 'below', value: 3 }],
  ] as const
  for (const [written, expectation] of read) {
    assert.deepEqual(expectationIn(written), expectation)
    assert.deepEqual(expectationIn(expectationText(expectation)), expectation)
  }
  assert.deepEqual(expectationIn(' up>0 '), { query: 'up', op: 'above', value: 0 })
})

test('what has no threshold is none', () => {
  for (const written of ['', 'up', '< 3', 'up < many', 'up == 1', 'up < 3 ms', 'up ! 3'])
    assert.equal(expectationIn(written), null, written)
})
