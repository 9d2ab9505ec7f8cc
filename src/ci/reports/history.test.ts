import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KeptTest } from '../../store/runs.ts'
import { inHistoryOrder, testHistory } from './history.ts'

const trunk = 'refs/heads/main'
/** Newest first. */
const commits = ['c6', 'c5', 'c4', 'c3', 'c2', 'c1']
let clock = 0

const result = (commit: string, outcome: KeptTest['outcome'], more: Partial<KeptTest> = {}): KeptTest => ({
  name: 'a',
  job: 'test',
  outcome,
  ms: 10,
  message: outcome === 'failed' ? `wrong at ${commit}` : null,
  run: `r-${commit}`,
  commit,
  ref: trunk,
  at: (clock += 1),
  ...more,
})

const only = (tests: readonly KeptTest[], trees: Readonly<Record<string, string>> = {}) => {
  const [view, ...others] = testHistory(tests, { trunk, commits, treeOf: (commit) => trees[commit] ?? null })
  assert.equal(others.length, 0)
  assert.ok(view)
  return view
}

describe('the history of a test', () => {
  const cases: readonly [
    name: string,
    tests: readonly KeptTest[],
    since: string | null,
    suspects: string[],
  ][] = [
    ['fails for nobody while it passes', [result('c1', 'passed'), result('c2', 'passed')], null, []],
    ['fails since the very commit', [result('c2', 'passed'), result('c3', 'failed')], 'c3', ['c3']],
    [
      'suspects all commits between that were not run',
      [result('c2', 'passed'), result('c5', 'failed'), result('c6', 'failed')],
      'c5',
      ['c5', 'c4', 'c3'],
    ],
    ['is mended by a later pass', [result('c2', 'failed'), result('c3', 'passed')], null, []],
    [
      'fails again since it was mended',
      [result('c1', 'failed'), result('c2', 'passed'), result('c4', 'failed')],
      'c4',
      ['c4', 'c3'],
    ],
    [
      'that never passed is suspected where it first stood',
      [result('c2', 'failed'), result('c3', 'failed')],
      'c2',
      ['c2'],
    ],
    [
      'goes by commits where an old one is run late',
      [result('c4', 'failed'), result('c2', 'passed')],
      'c4',
      ['c4', 'c3'],
    ],
    ['passed where it passed at another try', [result('c2', 'failed'), result('c2', 'passed')], null, []],
    [
      'knows nothing of other branches',
      [result('c2', 'passed'), result('x', 'failed', { ref: 'refs/heads/x' })],
      null,
      [],
    ],
    ['is not told by what was skipped', [result('c2', 'passed'), result('c3', 'skipped')], null, []],
  ]
  for (const [name, tests, since, suspects] of cases)
    test(name, () => {
      const { failingSince } = only(tests)
      assert.deepEqual(failingSince, since === null ? null : { commit: since, run: `r-${since}`, suspects })
    })

  test('is flaky with both outcomes on one commit, on one tree, or in two attempts', () => {
    assert.equal(only([result('c1', 'failed'), result('c1', 'passed')]).isFlaky, true)
    assert.equal(only([result('c1', 'failed'), result('c2', 'passed')]).isFlaky, false)
    assert.equal(only([result('c1', 'failed'), result('c2', 'passed')], { c1: 't', c2: 't' }).isFlaky, true)
    assert.equal(only([result('c1', 'failed'), result('c1', 'skipped')]).isFlaky, false)
  })

  test('has the times of passes, and the last message', () => {
    const times = Array.from({ length: 20 }, (_, nth) => result('c1', 'passed', { ms: nth + 1 }))
    const view = only([...times, result('c1', 'failed', { ms: 9_000 }), result('c2', 'passed', { ms: null })])
    const { runs, failures, medianMs, p95Ms, lastMessage } = view
    assert.deepEqual([runs, failures, medianMs, p95Ms, lastMessage], [22, 1, 10, 19, 'wrong at c1'])
  })

  test('is one for each job', () => {
    const tests = [result('c1', 'passed'), result('c1', 'failed', { job: 'test (node=24)' })]
    assert.equal(testHistory(tests, { trunk, commits, treeOf: () => null }).length, 2)
  })
})

test('histories are sorted and chosen as people ask', () => {
  const named = (name: string, ...tests: KeptTest[]) => tests.map((one) => ({ ...one, name }))
  const views = testHistory(
    [
      ...named('slow', result('c1', 'passed', { ms: 900 })),
      ...named('flaky', result('c1', 'passed'), result('c1', 'failed')),
      ...named('vague', result('c1', 'passed'), result('c4', 'failed')),
      ...named('clear', result('c3', 'passed'), result('c4', 'failed')),
    ],
    { trunk, commits, treeOf: () => null },
  )
  const names = (order: Parameters<typeof inHistoryOrder>[1]) =>
    inHistoryOrder(views, order).map(({ name }) => name)
  assert.equal(names('slow')[0], 'slow')
  assert.deepEqual(names('flaky'), ['flaky'])
  assert.deepEqual(names('failing'), ['clear', 'vague'])
})
