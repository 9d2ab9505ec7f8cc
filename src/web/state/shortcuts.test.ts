import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pairMs, press } from './shortcuts.ts'

test('g and a letter go to a page', () => {
  const first = press(null, 'g', 0)
  assert.equal(first.act, null)
  assert.deepEqual(press(first.pending, 'a', 100).act, { type: 'go', to: '/apps' })
})

test('a letter alone, or long after g, does nothing', () => {
  assert.equal(press(null, 'a', 0).act, null)
  assert.equal(press({ key: 'g', at: 0 }, 'a', pairMs + 1).act, null)
})

test('a key that ends no pair forgets the g before it', () => {
  assert.equal(press({ key: 'g', at: 0 }, 'x', 1).pending, null)
})

test('slash filters and question mark explains, also right after g', () => {
  assert.deepEqual(press({ key: 'g', at: 0 }, '/', 1).act, { type: 'filter' })
  assert.deepEqual(press(null, '?', 0).act, { type: 'explain' })
})
