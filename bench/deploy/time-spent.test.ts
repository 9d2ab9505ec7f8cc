import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, Happening } from '../../src/change/entry.ts'
import { stepTimes, timeSpent } from './time-spent.ts'

const lines: readonly (readonly [number, Happening])[] = [
  [100, { type: 'note', text: 'stands for the order' }],
  [103, { type: 'leased', token: 1 }],
  [110, { type: 'stage-started', stage: 'rest' }],
  [111, { type: 'step-started', step: 'switch h1' }],
  [112, { type: 'step-started', step: 'switch h2' }],
  [150, { type: 'step-done', step: 'switch h1', result: null }],
  [160, { type: 'step-done', step: 'switch h2', result: null }],
  [161, { type: 'stage-done', stage: 'rest' }],
  [165, { type: 'decided', to: 'finish', why: '' }],
  [190, { type: 'finished' }],
  [200, { type: 'announced', room: 'stream', text: '', trouble: null }],
]
const entries: readonly Entry[] = lines.map(([at, happening], index) => ({
  ...happening,
  seq: index + 1,
  change: 'c1',
  at,
  prev: '',
  hash: '',
}))

test('the parts of a change add up to the time from its order to its end', () => {
  const spent = timeSpent(entries)
  assert.deepEqual(spent, { 'get the lease': 3, 'stage rest': 58, decide: 4, settle: 25 })
  const whole = Object.values(spent).reduce((sum, ms) => sum + ms, 0)
  assert.equal(whole, 90)
})

test('the times of steps are told by their action', () => {
  assert.deepEqual([...stepTimes(entries)], [['switch', [39, 48]]])
})
