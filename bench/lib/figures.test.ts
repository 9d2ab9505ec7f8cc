import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, percentile, rounded } from './figures.ts'

test('the median is the value in the middle, or the mean of the two there', () => {
  assert.equal(median([3]), 3)
  assert.equal(median([9, 1, 5]), 5)
  assert.equal(median([1, 2, 10, 4]), 3)
  assert.ok(Number.isNaN(median([])))
})

test('a percentile is a value that was there', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  assert.equal(percentile(hundred, 0.95), 95)
  assert.equal(percentile(hundred, 1), 100)
  assert.equal(percentile([7], 0.95), 7)
  assert.equal(percentile([1, 2, 3], 0), 1)
})

test('figures are rounded to what was measured', () => {
  assert.equal(rounded(1.23456), 1.23)
  assert.equal(rounded(1.23456, 0), 1)
})
