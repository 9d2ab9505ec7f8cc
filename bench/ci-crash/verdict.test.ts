import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobRun, Outcome, Run } from '../../src/store/runs.ts'
import { judgeRuns } from './verdict.ts'

const job = (name: string, outcome: Outcome, attempt = 1): JobRun => ({
  name,
  needs: [],
  status: 'over',
  outcome,
  attempt,
  host: null,
  startedAt: 1,
  endedAt: 2,
  exit: 0,
  trouble: null,
  steps: [],
  release: null,
})

const run = (id: string, commit: string, jobs: readonly JobRun[]): Run => ({
  id,
  repo: 'shop',
  commit,
  tree: 't',
  ref: 'refs/heads/main',
  subject: 's',
  who: 'ada',
  door: 'git',
  orderedAt: 1,
  endedAt: 2,
  outcome: 'failed',
  supersededBy: null,
  trouble: null,
  jobs,
  release: null,
})

const right = [job('build', 'passed'), job('good', 'passed'), job('bad', 'failed'), job('after', 'skipped')]
const once = new Map([
  ['build', 1],
  ['good', 1],
  ['bad', 1],
])

void test('finds nothing wrong where nothing is', () => {
  const verdict = judgeRuns(['a'], [run('r1', 'a', right)], new Map([['r1', once]]))
  assert.deepEqual(verdict, { lost: [], doubled: [], wrong: [] })
})

void test('finds a push without a run, one with two, and a run without an end', () => {
  const runs = [run('r1', 'a', []), run('r2', 'a', []), { ...run('r3', 'b', []), endedAt: null }]
  const { lost, doubled } = judgeRuns(['a', 'b', 'c'], runs, new Map())
  assert.deepEqual([lost, doubled], [['b', 'c'], ['a']])
})

void test('finds a job that began twice, one that never did, and one that ended otherwise', () => {
  const jobs = [job('build', 'passed'), job('good', 'lost'), job('bad', 'failed'), job('after', 'skipped', 2)]
  const { doubled, wrong } = judgeRuns(
    ['a'],
    [run('r1', 'a', jobs)],
    new Map([['r1', new Map([['build', 2]])]]),
  )
  assert.deepEqual(doubled, ['r1 build'])
  assert.deepEqual(wrong, [
    'r1 good: lost at attempt 1',
    'r1 bad: failed at attempt 1',
    'r1 after: skipped at attempt 2',
  ])
})
