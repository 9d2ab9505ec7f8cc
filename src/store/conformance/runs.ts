import assert from 'node:assert/strict'
import type { Cases } from './conformance.ts'
import { elsewhere, noon } from './world.ts'
import { ClaimLostError, type RunOrder } from '../runs.ts'

const push = (commit: string, more: Partial<RunOrder> = {}): RunOrder => ({
  repo: 'shop',
  commit,
  tree: `tree of ${commit}`,
  ref: 'refs/heads/main',
  subject: 'a change',
  who: 'ada',
  door: 'git',
  trouble: null,
  orderedAt: noon,
  again: false,
  jobs: [
    { name: 'build', needs: [], spec: { run: 'make' } },
    { name: 'test', needs: ['build'], spec: { run: 'make test' } },
  ],
  ...more,
})

const everything = { repo: null, commit: null, ref: null, before: null, limit: 10 }
const passed = { status: 'over', outcome: 'passed', endedAt: noon + 5 } as const

/** The queue of runs. */
export const runCases: Cases = {
  'gives runs numbers in the order in which they were asked for': async (store, again) => {
    const other = await again()
    const first = await store.runs.order(push('a'))
    const second = await other.runs.order(push('b', { ref: 'refs/heads/side' }))
    assert.deepEqual([first.run.id, second.run.id], ['r1', 'r2'])
    assert.deepEqual(
      (await store.runs.list(everything)).map(({ id }) => id),
      ['r2', 'r1'],
    )
    assert.deepEqual(await other.runs.get('r1'), first.run)
    assert.deepEqual(
      first.run.jobs.map(({ name, needs, status, attempt }) => ({ name, needs, status, attempt })),
      [
        { name: 'build', needs: [], status: 'waiting', attempt: 1 },
        { name: 'test', needs: ['build'], status: 'waiting', attempt: 1 },
      ],
    )
    assert.equal(await store.runs.get('r3'), null)
    assert.equal(await store.runs.get('nonsense'), null)
  },

  'runs one push once, whoever tells of it': async (store, again) => {
    const other = await again()
    const both = await Promise.all([store.runs.order(push('a')), other.runs.order(push('a'))])
    assert.deepEqual(both.map(({ run }) => run.id).toSorted(), ['r1', 'r1'])
    assert.equal(both.filter(({ isNew }) => isNew).length, 1)
  },

  'runs a commit anew when it is asked to, and when the ref came back to it': async (store) => {
    await store.runs.order(push('a'))
    await store.runs.order(push('b'))
    assert.equal((await store.runs.order(push('a'))).run.id, 'r3')
    assert.equal((await store.runs.order(push('a', { again: true }))).run.id, 'r4')
  },

  'asks for the end of older runs of the same ref alone': async (store) => {
    await store.runs.order(push('a'))
    await store.runs.order(push('a', { ref: 'refs/heads/side' }))
    await store.runs.order(push('a', { repo: 'infra' }))
    const { superseded } = await store.runs.order(push('b', { who: 'bob', orderedAt: noon + 1 }))
    assert.deepEqual(superseded, ['r1'])
    const stops = (await store.runs.open()).map(({ run, stop }) => [
      run.id,
      run.supersededBy,
      stop?.who ?? null,
    ])
    assert.deepEqual(stops, [
      ['r1', 'r4', 'bob'],
      ['r2', null, null],
      ['r3', null, null],
      ['r4', null, null],
    ])
  },

  'lists the runs of a repository, a commit, a ref, and before another': async (store) => {
    await store.runs.order(push('a'))
    await store.runs.order(push('b', { ref: 'refs/heads/side' }))
    await store.runs.order(push('b', { repo: 'infra' }))
    const ids = async (query: Partial<typeof everything> | Readonly<Record<string, string>>) =>
      (await store.runs.list({ ...everything, ...query })).map(({ id }) => id)
    assert.deepEqual(await ids({ repo: 'shop' }), ['r2', 'r1'])
    assert.deepEqual(await ids({ commit: 'b' }), ['r3', 'r2'])
    assert.deepEqual(await ids({ ref: 'refs/heads/main' }), ['r3', 'r1'])
    assert.deepEqual(await ids({ before: 'r3' }), ['r2', 'r1'])
  },

  'gives a job to one process at a time': async (store, again) => {
    await store.runs.order(push('a'))
    const stores = [store, await again(), await again()]
    const claims = await Promise.all(
      stores.map((each, nth) => each.runs.claim('r1', 'build', elsewhere(nth), noon)),
    )
    assert.equal(claims.filter((claim) => claim !== null).length, 1)
    assert.equal(await store.runs.claim('r1', 'nothing', elsewhere(9), noon), null)
    assert.equal(await store.runs.claim('r9', 'build', elsewhere(9), noon), null)
  },

  'gives the job of a dead process to another, and lets the dead write no more': async (store, again) => {
    await store.runs.order(push('a'))
    const first = await store.runs.claim('r1', 'build', elsewhere(1), noon)
    assert.ok(first !== null)
    await store.runs.write(first.claim, { status: 'running', startedAt: noon }, { place: 'there', seat: 3 })
    const other = await again()
    await store.runs.beat(elsewhere(1), noon + 10_000)
    assert.equal(await other.runs.claim('r1', 'build', elsewhere(2), noon + 20_000), null)
    const second = await other.runs.claim('r1', 'build', elsewhere(2), noon + 22_001)
    assert.equal(second?.job.status, 'running')
    assert.deepEqual(second.state, { place: 'there', seat: 3, first: null })
    await assert.rejects(store.runs.write(first.claim, passed, {}), ClaimLostError)
    await other.runs.write(second.claim, passed, {})
    await assert.rejects(other.runs.write(second.claim, { outcome: 'failed' }, {}), ClaimLostError)
    assert.equal((await store.runs.get('r1'))?.jobs[0]?.outcome, 'passed')
  },

  'gives a job on at once when its process leaves it': async (store) => {
    await store.runs.order(push('a'))
    const first = await store.runs.claim('r1', 'build', elsewhere(1), noon)
    assert.ok(first !== null)
    await store.runs.write(first.claim, { status: 'running' }, { place: 'there' })
    await store.runs.leave(elsewhere(1))
    await assert.rejects(store.runs.write(first.claim, passed, {}), ClaimLostError)
    const second = await store.runs.claim('r1', 'build', elsewhere(2), noon)
    assert.equal(second?.state.place, 'there')
  },

  'lets go of a job that waits again': async (store) => {
    await store.runs.order(push('a'))
    const first = await store.runs.claim('r1', 'build', elsewhere(1), noon)
    assert.ok(first !== null)
    await store.runs.write(first.claim, { status: 'waiting', attempt: 2 }, { first: 'failed', place: null })
    const second = await store.runs.claim('r1', 'build', elsewhere(2), noon)
    assert.equal(second?.job.attempt, 2)
    assert.equal(second.state.first, 'failed')
  },

  'ends a run once, when all of its jobs are over': async (store) => {
    await store.runs.order(push('a'))
    const ended = { outcome: 'passed', endedAt: noon + 9, release: 'e3' } as const
    await assert.rejects(store.runs.end('r1', ended), /not over/)
    for (const name of ['build', 'test']) {
      const taken = await store.runs.claim('r1', name, elsewhere(1), noon)
      assert.ok(taken !== null)
      await store.runs.write(taken.claim, passed, {})
    }
    assert.equal((await store.runs.end('r1', ended))?.outcome, 'passed')
    assert.equal(await store.runs.end('r1', ended), null)
    assert.deepEqual(await store.runs.open(), [])
    assert.equal(await store.runs.stop('r1', { who: 'ada', at: noon }), false)
    assert.equal((await store.runs.get('r1'))?.release, 'e3')
  },

  'remembers who asked first for the end of a run, and what its jobs do': async (store) => {
    await store.runs.order(push('a'))
    assert.equal(await store.runs.stop('r1', { who: 'ada', at: noon }), true)
    assert.equal(await store.runs.stop('r1', { who: 'bob', at: noon + 1 }), true)
    const [open] = await store.runs.open()
    assert.deepEqual(open?.stop, { who: 'ada', at: noon })
    assert.deepEqual(open.specs.get('test'), { run: 'make test' })
  },

  'keeps the tests of a job in place of those it had, newest run first': async (store) => {
    await store.runs.order(push('a'))
    await store.runs.order(push('b'))
    const test = (name: string, outcome: 'passed' | 'failed') => ({ name, outcome, ms: 1.5, message: null })
    await store.runs.keepTests('r1', 'test', [test('one', 'failed'), test('two', 'passed')], noon)
    await store.runs.keepTests('r1', 'test', [test('one', 'passed')], noon)
    await store.runs.keepTests('r2', 'test', [test('one', 'failed')], noon + 1)
    const kept = await store.runs.tests('shop', 10)
    assert.deepEqual(
      kept.map(({ run, commit, name, outcome }) => [run, commit, name, outcome]),
      [
        ['r2', 'b', 'one', 'failed'],
        ['r1', 'a', 'one', 'passed'],
      ],
    )
    assert.deepEqual(await store.runs.tests('infra', 10), [])
  },

  'forgets old runs that are over, never an open one, and gives no number twice': async (store) => {
    const nothing = { jobs: [] }
    for (const commit of ['a', 'b']) await store.runs.order(push(commit, nothing))
    await store.runs.end('r1', { outcome: 'passed', endedAt: noon, release: null })
    await store.runs.keepTests('r1', 'test', [{ name: 'one', outcome: 'passed', ms: 1, message: null }], noon)
    assert.deepEqual(await store.runs.forget(noon, new Set(), 9), [])
    assert.deepEqual(await store.runs.forget(noon + 99, new Set(['r1']), 1), [])
    assert.deepEqual(await store.runs.forget(noon + 99, new Set(['r7']), 9), ['r1'])
    assert.equal(await store.runs.get('r1'), null)
    assert.deepEqual(await store.runs.tests('shop', 9), [])
    await store.runs.end('r2', { outcome: 'passed', endedAt: noon, release: null })
    await store.runs.forget(noon + 99, new Set(), 9)
    assert.equal((await store.runs.order(push('c', nothing))).run.id, 'r3')
  },
}
