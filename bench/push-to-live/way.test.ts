import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleEntries, sampleOrder, samplePlan } from '../../src/change/samples.ts'
import { type Run, waitingJob } from '../../src/store/runs.ts'
import { wayOf } from './way.ts'

const job = { ...waitingJob({ name: 'test', needs: [] }), status: 'over', outcome: 'passed' } as const
const run: Run = {
  id: 'r2',
  repo: 'shop',
  commit: 'c',
  tree: 't',
  ref: 'refs/heads/main',
  subject: '',
  who: 'ada',
  door: 'git',
  orderedAt: 10_000,
  endedAt: 11_000,
  outcome: 'passed',
  supersededBy: null,
  trouble: null,
  jobs: [{ ...job, startedAt: 10_300, endedAt: 10_900 }],
  release: null,
}
const entries = sampleEntries(
  [
    { type: 'ordered', order: sampleOrder },
    { type: 'planned', plan: samplePlan },
    { type: 'decided', to: 'finish', why: '' },
    { type: 'finished' },
  ],
  { from: 11_050 },
)
const last = 'c1 done: shop 3f2a1c9 is live on 3 of 3 hosts (3.0 s). undo: tandem revert c1'

test('the way of a push is measured by what its terminal said, and its parts by what was written down', () => {
  const heard = [
    { ms: 120, line: 'r2: test' },
    { ms: 4_300, line: last },
  ]
  assert.deepEqual(wayOf(heard, run, entries), {
    firstLineMs: 120,
    liveMs: 4_300,
    testMs: 600,
    parts: { taken: 120, ci: 1_000, train: 50, plan: 1_000, stages: 1_000, settle: 1_000, told: 130 },
  })
})

test('what did not come to be live everywhere, or was not told, is no figure', () => {
  const first = { ms: 120, line: 'r2: test' }
  const partly = { ms: 4_300, line: last.replace('3 of 3', '2 of 3') }
  for (const heard of [[first], [first, partly], [{ ms: 4_300, line: last }]])
    assert.throws(() => wayOf(heard, run, entries), /not told to its end/)
})
