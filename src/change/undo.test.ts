import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Happening } from './entry.ts'
import type { Plan, Step } from './plan.ts'
import { emptyPlan, sampleTrouble } from './samples.ts'
import { stepsToSettle, stepsToUndo } from './undo.ts'

const step = (id: string): Step => ({ id, action: 'do', host: null, input: null, cannotUndo: null })
const plan: Plan = {
  ...emptyPlan,
  stages: [
    { name: 'prepare', steps: [step('p1'), step('p2')], atOnce: 2, watch: null },
    { name: 'switch', steps: [step('s1'), step('s2')], atOnce: 2, watch: null },
  ],
  settle: [step('c1'), step('c2')],
}
const trouble = sampleTrouble
const started = (id: string): Happening => ({ type: 'step-started', step: id })
const done = (id: string): Happening => ({ type: 'step-done', step: id, result: null })
const ids = (steps: readonly Step[]): readonly string[] => steps.map(({ id }) => id)

test('every started step is undone, done or not, newest first', () => {
  const told = [started('p1'), started('p2'), done('p2'), done('p1'), started('s1')]
  assert.deepEqual(ids(stepsToUndo(plan, told)), ['s1', 'p2', 'p1'])
})

test('a failed step is undone too, one that never began is not', () => {
  const told: Happening[] = [started('p2'), { type: 'step-failed', step: 'p2', trouble }]
  assert.deepEqual(ids(stepsToUndo(plan, told)), ['p2'])
})

test('what was undone before a crash is not undone again', () => {
  const told: Happening[] = [
    started('p1'),
    started('s1'),
    { type: 'undo-started', step: 's1' },
    { type: 'undo-done', step: 's1' },
  ]
  assert.deepEqual(ids(stepsToUndo(plan, told)), ['p1'])
})

test('nobody is told that what cannot be undone was undone', () => {
  const migrate = { ...step('m1'), cannotUndo: 'a migration stays' }
  const stages = plan.stages.map((stage) => ({ ...stage, steps: [...stage.steps, migrate] }))
  assert.deepEqual(ids(stepsToUndo({ ...plan, stages }, [started('p1'), started('m1')])), ['p1'])
})

test('an undo that had only begun is done again', () => {
  assert.deepEqual(ids(stepsToUndo(plan, [started('p1'), { type: 'undo-started', step: 'p1' }])), ['p1'])
})

test('what is settled stays settled, the rest is left to do', () => {
  assert.deepEqual(ids(stepsToSettle(plan, [started('c1'), done('c1'), started('c2')])), ['c2'])
})
