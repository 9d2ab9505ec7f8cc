import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DiffLine } from '../../../api/wire/code.ts'
import type { Aside } from '../../../change/occurrence.ts'
import { type JobRun, type Run, waitingJob } from '../../../store/runs.ts'
import { runOf } from '../../dev-hub/code/past-runs.ts'
import { emptyModel } from '../model.ts'
import { reduce } from '../reduce.ts'
import { groupsOf } from './blame.ts'
import { openAtFirst, sidesOf } from './diff.ts'
import { emptyLog, firstFailureIn, jobLogLimit, stepsOf, withAnswer } from './job-log.ts'
import { barOf, inOrder, jobToShow, matrixOf } from './jobs.ts'
import { runsThat } from './runs.ts'

const commit = {
  hash: 'a'.repeat(40),
  tree: '',
  parents: [],
  subject: 's',
  body: '',
  author: 'ada',
  email: '',
  at: 0,
}
const job = (name: string, needs: readonly string[] = [], wish: Partial<JobRun> = {}): JobRun => ({
  ...waitingJob({ name, needs }),
  ...wish,
})
const run = (number: number, wish: Partial<Run> = {}): Run => ({
  ...runOf({ number, repo: 'shop', commit, ref: 'refs/heads/main', jobs: [] }),
  ...wish,
})

test('an answer that is older than what was heard does not turn a run back', () => {
  const waiting = run(1, { jobs: [job('test')] })
  const running = run(1, { jobs: [job('test', [], { status: 'running' })] })
  const again = run(1, { jobs: [job('test', [], { attempt: 2 })] })
  const over = run(1, { outcome: 'passed', endedAt: 9 })
  const after = (...runs: readonly Run[]) =>
    runs.reduce((model, one) => reduce(model, { type: 'runs came', runs: [one] }), emptyModel).runs.get('r1')
  assert.equal(after(running, waiting), running)
  assert.equal(after(running, again), again)
  assert.equal(after(over, running), over)
})

test('what happens beside the changes moves the page on, once, and a gap is seen', () => {
  const aside = (seq: number): Aside => ({
    type: 'repo-made',
    who: 'ada',
    seq,
    change: null,
    about: 'shop',
    at: 1,
    prev: '',
    hash: '',
  })
  const told = (...seqs: readonly number[]) =>
    seqs.reduce((model, seq) => reduce(model, { type: 'aside heard', aside: aside(seq) }), {
      ...emptyModel,
      seq: 4,
    })
  assert.deepEqual([told(5, 5).seq, told(5, 5).codeNews, told(5).hasGap, told(9).hasGap], [5, 1, false, true])
})

test('runs are listed newest first, down to the oldest that was loaded', () => {
  const runs = new Map([run(1), run(2), run(9, { repo: 'infra' }), run(10)].map((one) => [one.id, one]))
  const ids = (repo: string | null, oldest: string | null) =>
    runsThat(runs, { repo, ref: null }, oldest).map(({ id }) => id)
  assert.deepEqual(ids(null, null), ['r10', 'r9', 'r2', 'r1'])
  assert.deepEqual(ids('shop', 'r2'), ['r10', 'r2'])
})

test('jobs stand below what they need, also below each of a matrix, and a ring does no harm', () => {
  const names = (jobs: readonly JobRun[]) => inOrder(jobs).map(({ name }) => name)
  assert.deepEqual(
    names([job('stories', ['build']), job('build', ['test']), job('test (node=22)'), job('test (node=24)')]),
    ['test (node=22)', 'test (node=24)', 'build', 'stories'],
  )
  assert.equal(names([job('a', ['b']), job('b', ['a'])]).length, 2)
  assert.deepEqual(matrixOf('test (node=24)'), { job: 'test', matrix: 'node=24' })
})

test('the job that failed is shown first, and its bar lies where it ran', () => {
  const jobs = [
    job('a', [], { startedAt: 100, endedAt: 200, outcome: 'passed', status: 'over' }),
    job('b', ['a'], { startedAt: 200, endedAt: 300, outcome: 'failed', status: 'over' }),
  ]
  const over = run(1, { jobs, endedAt: 300 })
  assert.equal(jobToShow(over)?.name, 'b')
  assert.deepEqual(
    jobs.map((one) => barOf(one, over, 0)),
    [
      { from: 0, width: 50 },
      { from: 50, width: 50 },
    ],
  )
})

const lines = (...texts: readonly string[]) => texts.map((text, ms) => ({ ms, text }))

test('the first failure is what a tool says surest, else its error, else the last line', () => {
  const spot = (...texts: readonly string[]) =>
    firstFailureIn(stepsOf(withAnswer(emptyLog, { lines: lines(...texts), next: 1, isOver: true }), 9))
  assert.deepEqual(spot('::step a', 'error: maybe', '::step b', 'ok 1', '\u001b[31mnot ok 2 - x\u001b[0m'), {
    step: 1,
    line: 1,
  })
  assert.deepEqual(spot('::step a', 'fine', 'TypeError: x is not a function', 'end'), { step: 0, line: 1 })
  assert.deepEqual(spot('one', 'two'), { step: 0, line: 1 })
  assert.equal(spot(), null)
})

test('a page keeps the newest lines of an endless log, and counts those it has let go', () => {
  const many = Array.from({ length: jobLogLimit }, (_, ms) => ({ ms, text: String(ms) }))
  const log = withAnswer(withAnswer(emptyLog, { lines: many, next: 5, isOver: false }), {
    lines: lines('x', 'y'),
    next: 7,
    isOver: true,
  })
  assert.deepEqual(
    [log.lines.length, log.leftOut, log.lines.at(-1)?.text, log.next],
    [jobLogLimit, 2, 'y', 7],
  )
})

const diffLine = (kind: DiffLine['kind'], text: string): DiffLine => ({ kind, text, old: null, new: null })

test('what was removed stands beside what came in its place', () => {
  const rows = sidesOf([
    diffLine('same', 'a'),
    diffLine('removed', 'b'),
    diffLine('removed', 'c'),
    diffLine('added', 'd'),
    diffLine('same', 'e'),
    diffLine('added', 'f'),
  ])
  assert.deepEqual(
    rows.map(({ left, right }) => [left?.text ?? null, right?.text ?? null]),
    [
      ['a', 'a'],
      ['b', 'd'],
      ['c', null],
      ['e', 'e'],
      [null, 'f'],
    ],
  )
})

test('long files are folded, and files after much else', () => {
  const file = (count: number) => ({
    oldPath: 'a',
    newPath: 'a',
    isBinary: false,
    added: 0,
    removed: 0,
    cut: 0,
    hunks: [{ header: '', lines: Array.from({ length: count }, () => diffLine('added', '')) }],
  })
  assert.deepEqual(openAtFirst([file(301), file(300), file(299), file(10)]), [false, true, true, false])
})

test('lines of one commit that follow each other are one group', () => {
  const line = (number: number, hash: string) => ({
    line: number,
    commit: hash,
    author: '',
    at: 0,
    subject: '',
    text: '',
  })
  assert.deepEqual(
    groupsOf([line(1, 'a'), line(2, 'a'), line(3, 'b'), line(4, 'a')]).map((group) => group.lines.length),
    [2, 1, 1],
  )
})
