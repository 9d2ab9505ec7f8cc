import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Happening } from './entry.ts'
import { emptyPlan, sampleOrder, sampleTrouble } from './samples.ts'
import { after, exitCodeOf, isOver, type Status, statuses, statusOf } from './status.ts'

const trouble = sampleTrouble

const one = {
  ordered: { type: 'ordered', order: sampleOrder },
  leased: { type: 'leased', token: 1 },
  planned: { type: 'planned', plan: emptyPlan },
  announced: { type: 'announced', room: 'ops', text: '', trouble: null },
  'stage-started': { type: 'stage-started', stage: 'canary' },
  'step-started': { type: 'step-started', step: 'switch h1' },
  'step-done': { type: 'step-done', step: 'switch h1', result: null },
  'step-failed': { type: 'step-failed', step: 'switch h1', trouble },
  watched: { type: 'watched', stage: 'canary', verdict: 'healthy', evidence: [] },
  'stage-done': { type: 'stage-done', stage: 'canary' },
  'stop-asked': { type: 'stop-asked', who: 'ada', door: 'cli' },
  overruled: { type: 'overruled', who: 'ada', why: '' },
  finish: { type: 'decided', to: 'finish', why: '' },
  undo: { type: 'decided', to: 'undo', why: '' },
  'undo-started': { type: 'undo-started', step: 'switch h1' },
  'undo-done': { type: 'undo-done', step: 'switch h1' },
  'undo-failed': { type: 'undo-failed', step: 'switch h1', trouble },
  fenced: { type: 'fenced', host: 'h1', why: '' },
  healed: { type: 'healed', host: 'h1', by: 'c2' },
  resumed: { type: 'resumed', why: '' },
  note: { type: 'note', text: '' },
  refused: { type: 'refused', trouble },
  withdrawn: { type: 'withdrawn', who: 'ada', why: '' },
  finished: { type: 'finished' },
  undone: { type: 'undone', trouble },
  stuck: { type: 'stuck', trouble },
} as const satisfies Record<string, Happening>
type Name = keyof typeof one

const stories: readonly Readonly<{ told: readonly Name[]; is: Status }>[] = [
  { told: ['ordered'], is: 'waiting' },
  { told: ['ordered', 'withdrawn'], is: 'withdrawn' },
  { told: ['ordered', 'leased'], is: 'planning' },
  { told: ['ordered', 'leased', 'refused', 'announced'], is: 'refused' },
  { told: ['ordered', 'leased', 'planned', 'stage-started', 'step-started'], is: 'running' },
  { told: ['ordered', 'leased', 'planned', 'stop-asked'], is: 'running' },
  { told: ['ordered', 'leased', 'planned', 'finish', 'step-started', 'step-failed'], is: 'settling' },
  { told: ['ordered', 'leased', 'planned', 'finish', 'fenced', 'finished', 'healed'], is: 'done' },
  {
    told: ['ordered', 'leased', 'planned', 'step-started', 'step-failed', 'undo', 'undo-started'],
    is: 'undoing',
  },
  { told: ['ordered', 'leased', 'planned', 'undo', 'resumed', 'leased', 'undone'], is: 'undone' },
  { told: ['ordered', 'leased', 'planned', 'undo', 'undo-started', 'undo-failed', 'stuck'], is: 'stuck' },
]

test('a status is what the happenings say, in order', () => {
  for (const { told, is } of stories)
    assert.equal(statusOf(told.map((name) => one[name])), is, told.join(' '))
})

const impossible: readonly (readonly Name[])[] = [
  ['leased'],
  ['ordered', 'ordered'],
  ['ordered', 'planned'],
  ['ordered', 'finished'],
  ['ordered', 'leased', 'planned', 'planned'],
  ['ordered', 'leased', 'planned', 'refused'],
  ['ordered', 'leased', 'planned', 'finished'],
  ['ordered', 'leased', 'planned', 'undone'],
  ['ordered', 'leased', 'planned', 'finish', 'undo'],
  ['ordered', 'leased', 'planned', 'finish', 'undo-started'],
  ['ordered', 'leased', 'planned', 'undo', 'step-started'],
  ['ordered', 'leased', 'planned', 'finish', 'finished', 'finished'],
  ['ordered', 'leased', 'refused', 'leased'],
  ['ordered', 'leased', 'planned', 'undo', 'undone', 'stuck'],
]

test('a sequence that cannot have happened is refused', () => {
  for (const told of impossible)
    assert.throws(() => statusOf(told.map((name) => one[name])), /cannot follow/, told.join(' '))
})

test('every status answers every happening, and nothing leads out of an ended one', () => {
  for (const status of statuses) {
    for (const happening of Object.values(one)) {
      const next = after(status, happening)
      assert.ok(next === 'illegal' || statuses.includes(next), `${status} ${happening.type}`)
      if (isOver(status))
        assert.ok(next === 'illegal' || next === status, `${status} ${happening.type} -> ${next}`)
    }
  }
})

test('exit codes tell done, nothing changed, undone and stuck apart', () => {
  const codes = statuses.filter(isOver).map((status) => [status, exitCodeOf(status)])
  assert.deepEqual(Object.fromEntries(codes), { done: 0, refused: 1, withdrawn: 1, undone: 3, stuck: 4 })
})
