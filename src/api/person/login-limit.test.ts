import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeLoginLimit } from './login-limit.ts'

const limits = { failures: 2, perMs: 1_000, addresses: 3 }

test('an address waits from its last allowed failure to the end of its time', () => {
  const limit = makeLoginLimit(limits)
  limit.failed('a', 0)
  assert.equal(limit.waitMs('a', 100), 0)
  limit.failed('a', 100)
  assert.equal(limit.waitMs('a', 100), 900)
  assert.equal(limit.waitMs('b', 100), 0)
  assert.equal(limit.waitMs('a', 1_000), 0)
})

test('a failure after the time is over counts from one again', () => {
  const limit = makeLoginLimit(limits)
  limit.failed('a', 0)
  limit.failed('a', 1_500)
  assert.equal(limit.waitMs('a', 1_500), 0)
})

test('more addresses than it may hold push out the one that failed longest ago', () => {
  const limit = makeLoginLimit(limits)
  for (const address of ['a', 'a', 'b', 'b', 'c', 'c', 'd']) limit.failed(address, 0)
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((address) => limit.waitMs(address, 0) > 0),
    [false, true, true, false],
  )
})
