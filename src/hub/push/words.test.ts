import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TrainPlace } from '../../api/wire/code.ts'
import { viewOf } from '../../api/changes/views.ts'
import type { Happening } from '../../change/entry.ts'
import { sampleEntries, sampleOrder, samplePlan, sampleTrouble } from '../../change/samples.ts'
import { type JobRun, type Run, waitingJob } from '../../store/runs.ts'
import { changeWords } from './change-words.ts'
import { failedTests, runWords } from './run-words.ts'
import type { Said } from './said.ts'
import { isKept, staysWords, triedBefore } from './stay-words.ts'

const lines = (words: readonly Said[]): readonly string[] => words.flatMap((word) => word.lines)

const job = (name: string, part: Partial<JobRun> = {}): JobRun => ({
  ...waitingJob({ name, needs: [] }),
  ...part,
})
const over = (outcome: JobRun['outcome'], endedAt: number, part: Partial<JobRun> = {}): Partial<JobRun> => ({
  status: 'over',
  outcome,
  startedAt: 1_000,
  endedAt,
  ...part,
})

const run = (part: Partial<Run>): Run => ({
  id: 'r4',
  repo: 'shop',
  commit: 'c'.repeat(40),
  tree: 't'.repeat(40),
  ref: 'refs/heads/main',
  subject: 'a change',
  who: 'ada',
  door: 'git',
  orderedAt: 0,
  endedAt: null,
  outcome: null,
  supersededBy: null,
  trouble: null,
  jobs: [],
  release: null,
  ...part,
})

test('a run tells its jobs as they end, the first to end first, and how it ended', () => {
  const cases: readonly (readonly [Partial<Run>, readonly string[]])[] = [
    [{ jobs: [job('build'), job('test')] }, ['r4: build, test']],
    [
      { jobs: [job('build', over('passed', 1_800)), job('lint', over('passed', 1_300)), job('test')] },
      ['r4: build, lint, test', 'r4 lint passed (0.3 s)', 'r4 build passed (0.8 s)'],
    ],
    [
      { jobs: [job('test', over('passed', 1_800))], outcome: 'passed', endedAt: 2_000 },
      ['r4: test', 'r4 test passed (0.8 s)', 'r4 passed (2.0 s)'],
    ],
    [
      { jobs: [job('test', over('failed', 1_800, { exit: 7 }))], outcome: 'failed', endedAt: 2_000 },
      ['r4: test', 'r4 test failed (0.8 s): exit 7', 'r4 failed (2.0 s); see `tandem runs show r4`'],
    ],
    [
      { jobs: [job('test', over('flaky', 1_800))], outcome: 'flaky', endedAt: 2_000 },
      ['r4: test', 'r4 test flaky (0.8 s): it passed when it was run once more', 'r4 flaky (2.0 s)'],
    ],
    [
      {
        jobs: [job('test', over('cancelled', 1_500, { startedAt: null }))],
        outcome: 'cancelled',
        endedAt: 1_500,
        supersededBy: 'r5',
      },
      ['r4: test', 'r4 test cancelled', 'r4 was stopped (1.5 s): r5 is newer'],
    ],
    [{ outcome: 'passed', endedAt: 0 }, ['r4: shop has no jobs']],
    [
      { outcome: 'failed', endedAt: 0, trouble: { what: 'needs\u001b[2J go in a ring', now: 'break it' } },
      ['✗ needs go in a ring', '  now   break it', 'r4 failed: its jobs cannot be read'],
    ],
  ]
  for (const [part, told] of cases) assert.deepEqual(lines(runWords(run(part))), told)
})

test('only the last lines of a job that ran and did not pass are wanted', () => {
  const wanted = (outcome: JobRun['outcome']) =>
    runWords(run({ jobs: [job('test', over(outcome, 2_000))] })).map(({ tailOf }) => tailOf)
  assert.deepEqual(wanted('failed'), [null, 'test'])
  assert.deepEqual(wanted('timed out'), [null, 'test'])
  for (const outcome of ['passed', 'flaky', 'cancelled', 'skipped', 'lost'] as const)
    assert.deepEqual(wanted(outcome), [null, null])
})

test('what was said keeps its key when more is said before it', () => {
  const late = job('build', over('passed', 3_000))
  const before = runWords(run({ jobs: [late, job('test', { status: 'running' })] }))
  const after = runWords(run({ jobs: [late, job('test', over('passed', 2_000))] }))
  const fresh = after.filter(({ key }) => !before.some((word) => word.key === key))
  assert.deepEqual(lines(fresh), ['r4 test passed (1.0 s)'])
})

test('of many jobs the first are named', () => {
  const jobs = Array.from({ length: 11 }, (_, nth) => job(`test (${nth})`))
  assert.match(lines(runWords(run({ jobs })))[0] ?? '', /^r4: test \(0\), .*, test \(7\) and 3 more$/)
})

test('tests that failed are named with the first line of why, and many are counted', () => {
  const one = (name: string, outcome: 'passed' | 'failed', message: string | null) =>
    ({ name, outcome, message, ms: 1 }) as const
  assert.deepEqual(
    failedTests([
      one('basket > is paid', 'failed', '\n3 !== 4\n  at basket.js:1'),
      one('login', 'passed', null),
      one('search\u001b[2J', 'failed', null),
    ]),
    ['  ✗ basket > is paid: 3 !== 4', '  ✗ search'],
  )
  const many = Array.from({ length: 12 }, (_, nth) => one(`test ${nth}`, 'failed', null))
  assert.deepEqual(failedTests(many).slice(-2), ['  ✗ test 9', '  ✗ and 2 more'])
})

test('a change tells its stages with hosts and times, and how it ended', () => {
  const told = (happenings: readonly Happening[]): readonly string[] => {
    const entries = sampleEntries(happenings)
    return lines(changeWords(viewOf(entries, null), entries))
  }
  const begun: readonly Happening[] = [
    { type: 'ordered', order: { ...sampleOrder, door: 'git' } },
    { type: 'leased', token: 1 },
    { type: 'planned', plan: samplePlan },
    { type: 'stage-started', stage: 'canary' },
    { type: 'step-started', step: 'switch web1' },
    { type: 'step-done', step: 'switch web1', result: null },
    { type: 'watched', stage: 'canary', verdict: 'healthy', evidence: ['0 of 40 failed'] },
    { type: 'stage-done', stage: 'canary' },
  ]
  const first = ['c1: deploy to shop@production', 'c1 canary done: web1 (4.0 s)']
  assert.deepEqual(told(begun), first)
  assert.deepEqual(told([...begun, { type: 'resumed', why: 'the hub was gone' }]), [
    ...first,
    'c1 goes on: the hub was gone',
  ])
  assert.deepEqual(told([...begun, { type: 'decided', to: 'finish', why: '' }, { type: 'finished' }]), [
    ...first,
    'c1 done: shop 3f2a1c9 to production (9.0 s). undo: tandem revert c1',
  ])
  assert.deepEqual(
    told([
      ...begun.slice(0, 6),
      { type: 'watched', stage: 'canary', verdict: 'harmful', evidence: ['9 of 40 failed'] },
      { type: 'decided', to: 'undo', why: 'it is harmful' },
      { type: 'undone', trouble: sampleTrouble },
    ]),
    [
      'c1: deploy to shop@production',
      'c1 canary looks harmful: 9 of 40 failed',
      'c1 is being undone: it is harmful',
      '✗ web2 did not become healthy',
      '  now   look at its log',
      'c1 failed and was undone: everything is as before (8.0 s)',
    ],
  )
})

test('what stays says who keeps it and what lets it go; what is about to go says nothing', () => {
  const place = (status: TrainPlace['status'], why: string | null): TrainPlace => ({
    target: 'shop@production',
    commit: 'c',
    subject: '',
    who: 'ada',
    run: 'r4',
    change: null,
    status,
    why,
  })
  const cases: readonly (readonly [TrainPlace, readonly string[], boolean])[] = [
    [
      place('held', 'bob: the sale'),
      ['shop@production is held by bob: the sale', '  now   `tandem release shop@production` lets it go'],
      true,
    ],
    [
      place('frozen', 'Fri 16:00 - Mon 08:00'),
      ['shop@production is frozen (Fri 16:00 - Mon 08:00)', '  now   it goes by itself when that is over'],
      true,
    ],
    [place('waiting', 'c3 is under way'), ['shop@production: c3 is under way, this is next'], false],
    [place('green', null), [], false],
    [place('going', null), [], false],
    [place('testing', null), [], false],
  ]
  for (const [one, told, kept] of cases) {
    assert.deepEqual(lines(staysWords(one)), told)
    assert.equal(isKept(one), kept)
  }
  const undone = viewOf(sampleEntries([{ type: 'ordered', order: sampleOrder }]), null)
  assert.match(
    triedBefore('shop@production', undone).lines.join('\n'),
    /^shop@production: c1 has brought it before/,
  )
})
