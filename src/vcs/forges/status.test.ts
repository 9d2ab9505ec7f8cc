import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobRun, Run } from '../../store/runs.ts'
import { statusOf } from './status.ts'

const job: JobRun = {
  name: 'test',
  needs: [],
  status: 'over',
  outcome: 'passed',
  attempt: 1,
  host: null,
  startedAt: 0,
  endedAt: 9_000,
  exit: 0,
  trouble: null,
  steps: [],
  release: null,
}

const run: Run = {
  id: 'r12',
  repo: 'shop',
  commit: 'a'.repeat(40),
  tree: 'b'.repeat(40),
  ref: 'refs/heads/main',
  subject: 'Fix it',
  who: 'ada',
  door: 'forge',
  orderedAt: 0,
  endedAt: 41_000,
  outcome: 'passed',
  supersededBy: null,
  trouble: null,
  jobs: [job, { ...job, name: 'build' }],
  release: null,
}

const running = { ...job, status: 'running', outcome: null } as const

test('a run says where it stands, and links to its page', () => {
  const table: readonly (readonly [Partial<Run>, string, string])[] = [
    [{ outcome: null, endedAt: null, jobs: [] }, 'pending', 'waiting'],
    [
      { outcome: null, endedAt: null, jobs: [running, { ...running, name: 'lint' }, job] },
      'pending',
      'running test, lint',
    ],
    [{}, 'success', '2 jobs passed in 41 s'],
    [{ jobs: [job], endedAt: 20 }, 'success', '1 job passed in 1 s'],
    [{ jobs: [] }, 'success', 'it has no jobs'],
    [{ outcome: 'flaky' }, 'success', '2 jobs passed in 41 s, one only when run again'],
    [{ outcome: 'failed', jobs: [{ ...job, outcome: 'failed' }, job] }, 'failure', 'test failed'],
    [{ outcome: 'timed out', jobs: [{ ...job, outcome: 'timed out' }] }, 'failure', 'test timed out'],
    [
      { outcome: 'failed', jobs: [], trouble: { what: 'tandem.ts:3:5: no', now: 'mend it' } },
      'failure',
      'tandem.ts:3:5: no',
    ],
    [{ outcome: 'cancelled', supersededBy: 'r13' }, 'failure', 'r13 is newer'],
    [{ outcome: 'cancelled' }, 'failure', 'cancelled'],
    [{ outcome: 'lost' }, 'failure', 'lost'],
  ]
  for (const [given, state, text] of table) {
    assert.deepEqual(statusOf({ ...run, ...given }), { context: 'tandem/ci', state, text, path: '/runs/r12' })
  }
})

test('a preview says what would go live with the commit', () => {
  const preview = (ahead: number | null, behind: number) =>
    statusOf({ type: 'preview', app: 'shop', environment: 'production', ahead, behind }).text
  assert.equal(preview(3, 0), 'would bring 3 commits to shop in production')
  assert.equal(preview(1, 1), 'would bring 1 commit to shop in production, without 1 commit that is live')
  assert.equal(preview(0, 2), 'brings nothing new to shop in production, without 2 commits that are live')
  assert.equal(preview(null, 0), 'would be the first release of shop in production')
})

test('what is live is told of the environment that it is live in', () => {
  const live = {
    type: 'live',
    app: 'shop',
    environment: 'production',
    hosts: 3,
    path: '/changes/c7',
  } as const
  assert.deepEqual(statusOf({ ...live, state: 'success' }), {
    context: 'tandem/live/shop@production',
    state: 'success',
    text: 'live on 3 hosts',
    path: '/changes/c7',
  })
  assert.equal(statusOf({ ...live, state: 'failure' }).text, 'did not go live')
})
