import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Happening } from '../../change/entry.ts'
import { anEntry, aPlan } from '../dev-hub/sample.ts'
import { hostsOf, stagesOf } from './stages.ts'

const trouble = { what: 'h2 said no', now: 'look at h2' }

const after = (...happenings: readonly Happening[]) =>
  stagesOf(
    aPlan,
    happenings.map((happening, index) => anEntry(index + 1, happening)),
  )

const states = (...happenings: readonly Happening[]) => after(...happenings).map(({ state }) => state)

const begun = (step: string): Happening => ({ type: 'step-started', step })
const done = (step: string): Happening => ({ type: 'step-done', step, result: null })
const canary = [begun('switch h1'), done('switch h1')]

test('before anything happens every stage waits, and settling is the last one', () => {
  assert.deepEqual(
    after().map(({ name, state }) => [name, state]),
    [
      ['canary', 'waiting'],
      ['rest', 'waiting'],
      ['settle', 'waiting'],
    ],
  )
})

test('a stage runs from its first step on', () => {
  assert.deepEqual(states(begun('switch h1')), ['running', 'waiting', 'waiting'])
})

test('a watched stage whose steps are done is being watched until it is closed', () => {
  assert.equal(states(...canary)[0], 'watching')
  assert.equal(states(...canary, { type: 'stage-done', stage: 'canary' })[0], 'done')
})

test('a stage without a watch is done with its last step', () => {
  const half = [begun('switch h2'), done('switch h2'), begun('switch h3')]
  assert.equal(states(...canary, ...half)[1], 'running')
  assert.equal(states(...canary, ...half, done('switch h3'))[1], 'done')
})

test('a step knows how long it took', () => {
  const [step] = after(...canary)[0]?.steps ?? []
  assert.deepEqual([step?.state, step?.startedAt, step?.endedAt], ['done', 1_000, 2_000])
})

test('a step that failed stays a failure after it is undone, and stages never begun are not reached', () => {
  const failed: readonly Happening[] = [
    begun('switch h2'),
    { type: 'step-failed', step: 'switch h2', trouble },
    { type: 'decided', to: 'undo', why: trouble.what },
    { type: 'undo-started', step: 'switch h2' },
    { type: 'undo-done', step: 'switch h2' },
    { type: 'undo-started', step: 'switch h1' },
    { type: 'undo-done', step: 'switch h1' },
  ]
  assert.deepEqual(states(...canary, ...failed), ['undone', 'failed', 'not reached'])
  const [step] = after(...canary, ...failed)[1]?.steps ?? []
  assert.deepEqual([step?.state, step?.hasFailed], ['undone', true])
})

test('what the guard saw stands beside its stage', () => {
  const seen: Happening = { type: 'watched', stage: 'canary', verdict: 'no data', evidence: ['0 requests'] }
  assert.deepEqual(after(...canary, seen)[0]?.watched, [
    { verdict: 'no data', evidence: ['0 requests'], at: 3_000 },
  ])
})

test('hosts of a stage come in the order of the plan, each once', () => {
  assert.deepEqual(after().map(hostsOf), [['h1'], ['h2', 'h3'], ['h1']])
})
