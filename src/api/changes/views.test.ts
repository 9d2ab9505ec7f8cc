import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Happening } from '../../change/entry.ts'
import { sampleEntries, sampleOrder, samplePlan, sampleTrouble } from '../../change/samples.ts'
import { detailOf, viewOf } from './views.ts'

const order = sampleOrder
const broke = sampleTrouble

const ordered: Happening = { type: 'ordered', order }
const leased: Happening = { type: 'leased', token: 1 }
const planned: Happening = { type: 'planned', plan: samplePlan }
const start = (stage: string): Happening => ({ type: 'stage-started', stage })
const end = (stage: string): Happening => ({ type: 'stage-done', stage })
const did = (step: string): Happening => ({ type: 'step-done', step, result: null })
const failed: Happening = { type: 'step-failed', step: 'switch web2', trouble: broke }
const finish: Happening = { type: 'decided', to: 'finish', why: 'all stages are done' }
const undo: Happening = { type: 'decided', to: 'undo', why: 'a step failed' }
const stopAsked: Happening = { type: 'stop-asked', who: 'ada', door: 'cli' }
const undid = (step: string): Happening => ({ type: 'undo-done', step })

const running = [ordered, leased, planned, start('canary'), did('switch web1')]
const undoing = [...running, end('canary'), start('rest'), failed, undo]
const done = [
  ...running,
  end('canary'),
  start('rest'),
  did('switch web2'),
  end('rest'),
  finish,
  { type: 'finished' },
]

const entriesOf = (happenings: readonly Happening[]) =>
  sampleEntries(happenings, { change: 'c12', from: 1_000 })

const cases: readonly (readonly [string, readonly Happening[], Record<string, unknown>])[] = [
  [
    'ordered',
    [ordered],
    { status: 'waiting', title: 'shop@production', stage: null, steps: { done: 0, total: 0 } },
  ],
  [
    'in its first stage',
    running,
    { status: 'running', stage: 'canary', title: samplePlan.title, steps: { done: 1, total: 2 } },
  ],
  ['between two stages', [...running, end('canary')], { status: 'running', stage: null }],
  ['being undone', undoing, { status: 'undoing', stage: null, trouble: broke, steps: { done: 1, total: 2 } }],
  [
    'undone',
    [...undoing, undid('switch web1'), { type: 'undone', trouble: broke }],
    { status: 'undone', trouble: broke, endedAt: 11_000, steps: { done: 0, total: 2 } },
  ],
  [
    'refused',
    [ordered, leased, { type: 'refused', trouble: broke }],
    { status: 'refused', trouble: broke, endedAt: 3_000 },
  ],
  [
    'done',
    done as readonly Happening[],
    { status: 'done', trouble: null, endedAt: 11_000, steps: { done: 2, total: 2 } },
  ],
  [
    'done though a step failed once while settling',
    [...(done.slice(0, -1) as readonly Happening[]), failed, { type: 'finished' }],
    { status: 'done', trouble: null },
  ],
]

test('a view says where a change stands', () => {
  for (const [name, happenings, expected] of cases) {
    const view: Record<string, unknown> = viewOf(entriesOf(happenings), null)
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(view[key], value, `${name}: ${key}`)
  }
})

const may: readonly (readonly [string, readonly Happening[], string | null, readonly [boolean, boolean]])[] =
  [
    ['waiting', [ordered], null, [false, true]],
    ['running', running, null, [false, true]],
    ['asked to stop', [...running, stopAsked], null, [false, false]],
    ['settling', [...running, finish], null, [false, false]],
    ['undoing', undoing, null, [false, false]],
    ['done', done as readonly Happening[], null, [true, false]],
    ['reverted', done as readonly Happening[], 'c13', [false, false]],
  ]

test('what is open can be stopped once, what is done can be reverted once, and lookers can do neither', () => {
  for (const [name, happenings, revertedBy, [mayRevert, mayStop]] of may) {
    const entries = entriesOf(happenings)
    const all = detailOf(entries, revertedBy, 'everything')
    assert.deepEqual([all.mayRevert, all.mayStop], [mayRevert, mayStop], name)
    const look = detailOf(entries, revertedBy, 'look')
    assert.deepEqual([look.mayRevert, look.mayStop], [false, false], name)
  }
})
