import assert from 'node:assert/strict'
import { test } from 'node:test'
import { samplePlan, sampleTrouble } from '../change/samples.ts'
import type { ChangeView } from '../api/wire/wire.ts'
import { lookText } from './bound.ts'
import { endText } from './end.ts'
import { paintFor, tame } from './paint.ts'
import { ago, took } from './time.ts'
import { troubleText } from './trouble.ts'

const paint = paintFor({ hasColour: false })
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

test('spans of time are said as people say them', () => {
  const cases: readonly (readonly [ms: number, said: string])[] = [
    [-5, '0.0 s'],
    [420, '0.4 s'],
    [9_940, '9.9 s'],
    [12_700, '12 s'],
    [minute, '1 min'],
    [minute + 5_000, '1 min 5 s'],
    [2 * hour + 10 * minute, '2 h 10 min'],
    [day, '1 day'],
    [3 * day + hour, '3 days'],
  ]
  for (const [ms, said] of cases) assert.equal(took(ms), said)
})

test('times gone by are said by how far they are', () => {
  const now = Date.UTC(2026, 10, 23, 12)
  const cases: readonly (readonly [ms: number, said: string])[] = [
    [-60_000, 'just now'],
    [4_000, 'just now'],
    [59_000, '59 s ago'],
    [3 * minute, '3 min ago'],
    [23 * hour, '23 h ago'],
    [day, '1 day ago'],
    [29 * day, '29 days ago'],
    [40 * day, '2026-10-14'],
  ]
  for (const [ms, said] of cases) assert.equal(ago(now - ms, now), said)
})

test('text of others cannot move the cursor, colour the screen or break the line', () => {
  assert.equal(tame('\u001b[31mred\u001b[0m\u001b]0;title\u0007 a\r\nb\tc\u0000'), 'red a b c ')
})

test('colours are there when they are wanted and nowhere else', () => {
  const coloured = paintFor({ hasColour: true })
  assert.equal(coloured.bad('no'), '\u001b[31mno\u001b[39m')
  assert.equal(paint.bad('no'), 'no')
})

test('a trouble says what, where, the last lines, and what to do now', () => {
  const trouble = {
    what: 'web2 did not become healthy',
    where: 'GET /health',
    host: 'web2',
    exit: 7,
    tail: ['first', '\u001b[31msecond'],
    now: 'look at its log',
  }
  assert.equal(
    troubleText(trouble, paint),
    [
      '✗ web2 did not become healthy',
      '  where web2 · GET /health · exit 7',
      '  │ first',
      '  │ second',
      '  now   look at its log',
    ].join('\n'),
  )
  const long = Array.from({ length: 25 }, (_, i) => `line ${i}`)
  const text = troubleText({ what: 'x', now: 'y', tail: long }, paint)
  assert.match(text, /5 lines before/)
  assert.doesNotMatch(text, /line 4\n/)
  assert.match(text, /line 24/)
})

const done: ChangeView = {
  id: 'c12',
  kind: 'deploy',
  does: null,
  target: 'shop@production',
  title: 'deploy shop 3f2a1c9 to production',
  who: 'ada',
  door: 'cli',
  why: '',
  status: 'done',
  orderedAt: 0,
  endedAt: 4_200,
  reverts: null,
  revertedBy: null,
  fenced: [],
  trouble: null,
  stage: null,
  steps: { done: 3, total: 3 },
}
const deployed = {
  ...samplePlan,
  outcome: { app: 'shop', commit: '3f2a1c9e55', hosts: ['web1', 'web2', 'web3'] },
}
const broke = sampleTrouble

test('the last words say how it ended and what can be done', () => {
  const cases: readonly (readonly [Partial<ChangeView>, string])[] = [
    [{}, 'c12 done: shop 3f2a1c9 is live on 3 of 3 hosts (4.2 s). undo: tandem revert c12'],
    [
      { fenced: ['web3'] },
      'c12 done: shop 3f2a1c9 is live on 2 of 3 hosts (4.2 s). undo: tandem revert c12\n' +
        'web3 was left behind and is healed when it returns',
    ],
    [{ reverts: 'c11' }, 'c12 done: shop 3f2a1c9 is live on 3 of 3 hosts (4.2 s). again: tandem revert c12'],
    [
      { status: 'undone', trouble: broke },
      '✗ web2 did not become healthy\n  now   look at its log\nc12 failed and was undone: everything is as before (4.2 s)',
    ],
    [{ status: 'withdrawn' }, 'c12 was withdrawn: nothing changed (4.2 s)'],
  ]
  for (const [part, text] of cases) assert.equal(endText({ ...done, ...part }, deployed, paint), text)
  assert.match(
    endText({ ...done, status: 'stuck', trouble: broke }, deployed, paint),
    /needs a person.*tandem show c12/,
  )
  assert.match(endText(done, samplePlan, paint), /^c12 done: deploy shop 3f2a1c9 to production \(4\.2 s\)/)
})

test('a look at a measure says the number, if there was one, and what came of it', () => {
  assert.equal(
    lookText({ measured: 0.123456789, why: 'it is at its min' }),
    'it was 0.123457: it is at its min',
  )
  assert.equal(lookText({ measured: null, why: 'nothing is known' }), 'nothing is known')
})
