import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numbersFrom } from './words.ts'

test('numbers come from the command line, or are the usual ones', () => {
  assert.deepEqual(numbersFrom(['--trials', '8'], { trials: 100, seed: 0 }), { trials: 8, seed: 0 })
})

test('a name that is not there and a value that is no number are refused', () => {
  assert.throws(() => numbersFrom(['--trails', '8'], { trials: 100 }), /trails/)
  assert.throws(() => numbersFrom(['--trials', 'many'], { trials: 100 }), /--trials is a whole number/)
  assert.throws(() => numbersFrom(['--trials', '-1'], { trials: 100 }))
})
