import assert from 'node:assert/strict'
import { test } from 'node:test'
import { viewOf } from '../../api/changes/views.ts'
import type { Happening } from '../../change/entry.ts'
import type { Plan } from '../../change/plan.ts'
import { sampleEntries, sampleOrder, samplePlan, sampleTrouble } from '../../change/samples.ts'
import { paintFor } from '../../words/paint.ts'
import { widthOf } from '../text/width.ts'
import { frame } from './frame.ts'

const paint = paintFor({ hasColour: false })
const order = { ...sampleOrder, why: '' }
const broke = sampleTrouble

const ordered: Happening = { type: 'ordered', order }
const planned = (plan: Plan): readonly Happening[] => [
  ordered,
  { type: 'leased', token: 1 },
  { type: 'planned', plan },
]
const began = (step: string): Happening => ({ type: 'step-started', step })
const did = (step: string): Happening => ({ type: 'step-done', step, result: null })
const stage = (name: string): Happening => ({ type: 'stage-started', stage: name })

const entriesOf = (happenings: readonly Happening[]) => sampleEntries(happenings, { change: 'c7' })

function draw(
  happenings: readonly Happening[],
  parts: Readonly<{ columns?: number; rows?: number; waits?: string }> = {},
) {
  const entries = entriesOf(happenings)
  const { columns = 80, rows = 24, waits = null } = parts
  const moment = {
    change: viewOf(entries, null),
    entries,
    waits,
    lastLine: 'files are here',
    said: null,
    now: 12_000,
  }
  return frame(moment, { columns, rows }, paint)
}

test('what to beware of stands above the stages', () => {
  const lines = draw(planned({ ...samplePlan, warnings: ['1 uncommitted file'] }))
  assert.equal(lines[1], '  ! 1 uncommitted file')
})

test('a change in line says for whom it waits', () => {
  assert.deepEqual(draw([ordered], { waits: 'waits for shop@production: ivan holds it with c6' }), [
    'c7 shop@production  12 s',
    '  waits for shop@production: ivan holds it with c6',
    '  ctrl-c stops it and undoes it',
  ])
})

test('a change at work shows its stages, its hosts and the last that was printed', () => {
  assert.deepEqual(draw([...planned(samplePlan), stage('canary'), began('switch web1')]), [
    'c7 shop 3f2a1c9 to production  12 s',
    '  ● canary  ○ rest',
    '  web1  ● switch',
    '  web2  ○ ',
    '  │ files are here',
    '  ctrl-c stops it and undoes it',
  ])
})

test('a stage that is only watched says for how long', () => {
  const lines = draw([...planned(samplePlan), stage('canary'), began('switch web1'), did('switch web1')])
  assert.equal(lines[4], '  watching for 10 s, 3.0 s left')
})

test('a change that fails shows where, and what is being undone', () => {
  const failed: readonly Happening[] = [
    ...planned(samplePlan),
    stage('canary'),
    began('switch web1'),
    did('switch web1'),
    { type: 'stage-done', stage: 'canary' },
    stage('rest'),
    began('switch web2'),
    { type: 'step-failed', step: 'switch web2', trouble: broke },
    { type: 'decided', to: 'undo', why: 'a step failed' },
    { type: 'undo-started', step: 'switch web1' },
  ]
  assert.deepEqual(draw(failed), [
    'c7 shop 3f2a1c9 to production  12 s',
    '  ↩ canary  ↩ rest',
    '  web1  ↩ switch',
    '  web2  ✗ switch',
    '  │ files are here',
    '  being undone',
  ])
  const undone: readonly Happening[] = [
    ...failed,
    { type: 'undo-done', step: 'switch web1' },
    { type: 'undone', trouble: broke },
  ]
  assert.equal(draw(undone).length, 4)
})

test('no line is wider than the screen and no frame higher, however many hosts there are', () => {
  const hosts = Array.from({ length: 40 }, (_, i) => `a-host-with-a-long-name-${i}`)
  const steps = hosts.map((host) => ({
    id: `switch ${host}`,
    action: 'switch',
    host,
    input: {},
    cannotUndo: null,
  }))
  const plan: Plan = {
    ...samplePlan,
    title: 'x'.repeat(200),
    stages: [{ name: 'rest', steps, atOnce: 4, watch: null }],
  }
  const happenings = [
    ...planned(plan),
    stage('rest'),
    ...steps.slice(0, 20).flatMap(({ id }) => [began(id), did(id)]),
  ]
  const failed: Happening = { type: 'step-failed', step: 'switch a-host-with-a-long-name-33', trouble: broke }
  for (const [columns, rows] of [
    [80, 24],
    [40, 12],
    [20, 5],
  ] as const) {
    const lines = draw([...happenings, began(failed.step), failed], { columns, rows, waits: 'y'.repeat(200) })
    assert.ok(lines.length < Math.max(rows, 7), `${lines.length} lines on ${rows} rows`)
    for (const line of lines) assert.ok(widthOf(line) < columns, line)
  }
  const shown = draw([...happenings, began(failed.step), failed])
  assert.match(shown[2] ?? '', /✗ switch/)
  assert.match(shown.join('\n'), /and 24 more hosts/)
})
