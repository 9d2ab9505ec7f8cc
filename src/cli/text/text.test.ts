import assert from 'node:assert/strict'
import { test } from 'node:test'
import { samplePlan } from '../../change/samples.ts'
import { paintFor } from '../../words/paint.ts'
import { waitText } from './line.ts'
import { planText } from './plan.ts'
import { cell, table } from './table.ts'
import { cut, widthOf } from './width.ts'

const paint = paintFor({ hasColour: false })
const minute = 60_000

test('text is as wide as a terminal shows it, and is cut between letters', () => {
  assert.equal(widthOf('shop'), 4)
  assert.equal(widthOf('é'), 1)
  assert.equal(widthOf('本店'), 4)
  assert.equal(widthOf('🚀'), 2)
  assert.equal(widthOf('✓●○↩'), 4)
  assert.equal(cut('production', 5), 'prod…')
  assert.equal(cut('本店です', 5), '本店…')
  assert.equal(cut('e\u0301e\u0301e\u0301', 2), 'e\u0301…')
  assert.equal(cut('short', 5), 'short')
  assert.equal(cut('short', 0), '')
})

test('a table aligns its columns and is never wider than the screen', () => {
  const rows = [
    [cell('c1'), cell('done', 'good'), cell('deploy shop 3f2a1c9 to production')],
    [cell('c10'), cell('running'), cell('本店 🚀')],
  ]
  const wide = table(['CHANGE', 'STATUS', 'WHAT'], rows, { columns: Infinity, paint })
  assert.deepEqual(wide, [
    'CHANGE  STATUS   WHAT',
    'c1      done     deploy shop 3f2a1c9 to production',
    'c10     running  本店 🚀',
  ])
  for (const columns of [20, 30, 40, 50]) {
    for (const line of table(['CHANGE', 'STATUS', 'WHAT'], rows, { columns, paint })) {
      assert.ok(widthOf(line) <= Math.max(columns, 22), `${columns}: ${line}`)
    }
  }
  assert.match(table(['CHANGE', 'STATUS', 'WHAT'], rows, { columns: 40, paint })[1] ?? '', /…$/)
})

test('a plan shows its lines, its stages with hosts, and what to beware of', () => {
  const plan = { ...samplePlan, warnings: ['there is no health check'], fenced: ['web3'] }
  assert.equal(
    planText(plan, paint),
    [
      'shop 3f2a1c9 to production',
      '  ~ release 1b0c77e -> 3f2a1c9',
      '',
      '  1. canary     switch on web1, then watched for 10 s',
      '  2. rest       switch on web2',
      '! there is no health check',
      '! web3 cannot be reached: it is healed when it returns',
    ].join('\n'),
  )
})

const place = (change: string, who: string, why: string) => ({
  change,
  target: 'shop@production',
  who,
  why,
  since: 0,
})

test('who waits is told who holds the target, why, for how long, and how many come first', () => {
  const line = {
    target: 'shop@production',
    holder: { ...place('c1', 'ivan', 'fix the till'), token: 7 },
    waiting: [place('c2', 'eve', ''), place('c3', 'ada', '')],
  }
  assert.equal(
    waitText([line], 'c3', 3 * minute),
    'waits for shop@production: ivan holds it with c1 (fix the till) for 3 min; 1 more before it',
  )
  assert.equal(
    waitText([line], 'c2', 0),
    'waits for shop@production: ivan holds it with c1 (fix the till) for 0.0 s',
  )
  assert.equal(waitText([line], 'c9', 0), null)
  assert.equal(waitText([{ ...line, holder: null }], 'c3', 0), null)
})
