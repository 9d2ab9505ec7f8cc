import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FlagView } from '../../../api/wire/flags.ts'
import { fits, isExpired, shareWords, stateOf, useWords } from './flag-words.ts'

const view: FlagView = {
  key: 'checkout.new-button',
  rev: 'r1',
  change: 'c1',
  who: 'ada',
  at: 0,
  flag: {
    type: 'boolean',
    on: true,
    variants: { on: true, off: false },
    default: 'off',
    off: 'off',
    about: { owner: 'Grace', tags: ['launch'], expires: '2026-03-01' },
  },
}

test('parts are never shown as none or all when they are not', () => {
  assert.equal(shareWords(0, 100), '0 %')
  assert.equal(shareWords(1, 1_000_000), '< 1 %')
  assert.equal(shareWords(999_999, 1_000_000), '> 99 %')
  assert.equal(shareWords(100, 100), '100 %')
  assert.equal(shareWords(0, 0), '0 %')
})

test('what programs got is told, the most frequent first', () => {
  const line = { rule: null, reason: 'SPLIT', errorCode: null }
  const day = [
    { ...line, variant: 'on', count: 250 },
    { ...line, variant: 'off', count: 700 },
    { ...line, variant: null, count: 50 },
  ]
  assert.equal(
    useWords({ flag: 'a', lastAt: 1, day, same: null }),
    '1,000 in 24 h: off 70 %, on 25 %, own default 5 %',
  )
  assert.equal(useWords(undefined), 'not asked in 24 h')
})

test('flags are found by key, owner and tag, and known to be forgotten on their day', () => {
  assert.ok(fits(view, 'grace BUTTON'))
  assert.ok(fits(view, 'launch'))
  assert.ok(!fits(view, 'grace search'))
  assert.ok(!isExpired(view, Date.UTC(2026, 1, 28, 23)))
  assert.ok(isExpired(view, Date.UTC(2026, 2, 1)))
  assert.equal(stateOf(view.flag).word, 'on for all')
  assert.equal(stateOf({ ...view.flag, on: false }).word, 'off')
})
