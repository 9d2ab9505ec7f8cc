import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Status } from '../../change/status.ts'
import type { Outcome, Run } from '../../store/runs.ts'
import { type LaneState, type Tried, whatNow } from './what-now.ts'

const run = (nth: number, commit: string, outcome: Outcome | null): Run => ({
  id: `r${nth}`,
  repo: 'shop',
  commit,
  tree: 't',
  ref: 'refs/heads/main',
  subject: '',
  who: 'ada',
  door: 'git',
  orderedAt: nth,
  endedAt: outcome === null ? null : nth,
  outcome,
  supersededBy: null,
  trouble: null,
  jobs: [],
  release: null,
})

const tried = (nth: number, commit: string | null, status: Status, more: Partial<Tried> = {}): Tried => ({
  change: `c${nth}`,
  commit,
  status,
  who: 'ada',
  why: '',
  reverts: null,
  seq: nth * 10,
  ...more,
})

const held = (seq: number, until: number | null = null): LaneState['lastHold'] => ({
  type: 'held',
  who: 'bob',
  why: 'the sale',
  until,
  seq,
  change: null,
  about: 'shop@production',
  at: 5,
  prev: '',
  hash: '',
})

/** Commits are letters, `commits` newest first; `runs` by commit, newest first. */
function lane(commits: string, runs: readonly Run[], more: Partial<LaneState> = {}): LaneState {
  const arrivals = commits.split('').map((commit) => ({
    commit,
    subject: `make ${commit}`,
    who: `pusher of ${commit}`,
  }))
  return {
    target: 'shop@production',
    arrivals,
    runs,
    tried: [],
    lastHold: null,
    frozen: null,
    now: 100,
    ...more,
  }
}

const passed = (commits: string): readonly Run[] =>
  commits.split('').map((commit, nth) => run(commits.length - nth, commit, 'passed'))

type Case = Readonly<{ name: string; lane: LaneState; places: readonly string[]; go: string | null }>

const released = { ...held(300), type: 'released' } as LaneState['lastHold']
const revert = tried(9, 'A', 'done', { reverts: 'c8', who: 'eve', why: 'it is slow' })

const cases: readonly Case[] = [
  { name: 'nothing came', lane: lane('', []), places: [], go: null },
  { name: 'a green commit goes', lane: lane('A', passed('A')), places: ['A green'], go: 'A' },
  { name: 'a flaky one goes too', lane: lane('A', [run(1, 'A', 'flaky')]), places: ['A green'], go: 'A' },
  { name: 'a red one does not', lane: lane('A', [run(1, 'A', 'failed')]), places: [], go: null },
  { name: 'the newest green wins', lane: lane('CBA', passed('CBA')), places: ['C green'], go: 'C' },
  {
    name: 'a green one goes while a newer one is tested',
    lane: lane('BA', [run(2, 'B', null), run(1, 'A', 'passed')]),
    places: ['B testing', 'A green'],
    go: 'A',
  },
  {
    name: 'one whose run is not asked for yet is tested',
    lane: lane('A', []),
    places: ['A testing'],
    go: null,
  },
  {
    name: 'a red one is passed by',
    lane: lane('BA', [run(2, 'B', 'failed'), run(1, 'A', 'passed')]),
    places: ['A green'],
    go: 'A',
  },
  {
    name: 'a run that somebody cancelled does not count',
    lane: lane('A', [run(2, 'A', 'cancelled'), run(1, 'A', 'passed')]),
    places: ['A green'],
    go: 'A',
  },
  {
    name: 'the newer run of a commit decides',
    lane: lane('A', [run(2, 'A', 'failed'), run(1, 'A', 'passed')]),
    places: [],
    go: null,
  },
  ...(['done', 'undone', 'refused', 'withdrawn', 'stuck'] as const).map((status) => ({
    name: `what is ${status} does not go again`,
    lane: lane('A', passed('A'), { tried: [tried(1, 'A', status)] }),
    places: [],
    go: null,
  })),
  {
    name: 'what came before one that was tried does not go',
    lane: lane('CBA', passed('CBA'), { tried: [tried(1, 'C', 'undone')] }),
    places: [],
    go: null,
  },
  {
    name: 'an older commit that is tested once more does not go',
    lane: lane('BA', [run(3, 'A', 'passed'), ...passed('BA')], { tried: [tried(1, 'B', 'done')] }),
    places: [],
    go: null,
  },
  {
    name: 'a newer one goes after one that was undone',
    lane: lane('BA', passed('BA'), { tried: [tried(1, 'A', 'undone')] }),
    places: ['B green'],
    go: 'B',
  },
  {
    name: 'one waits for the change before it',
    lane: lane('BA', passed('BA'), { tried: [tried(1, 'A', 'running')] }),
    places: ['B waiting', 'A going'],
    go: null,
  },
  {
    name: 'it waits for a change by hand as well',
    lane: lane('A', passed('A'), { tried: [tried(1, null, 'planning')] }),
    places: ['A waiting'],
    go: null,
  },
  {
    name: 'a hold holds it',
    lane: lane('A', passed('A'), { lastHold: held(1) }),
    places: ['A held'],
    go: null,
  },
  {
    name: 'a hold whose time is over does not',
    lane: lane('A', passed('A'), { lastHold: held(1, 100) }),
    places: ['A green'],
    go: 'A',
  },
  {
    name: 'a freeze keeps it',
    lane: lane('A', passed('A'), { frozen: 'Fri 16:00 - Mon 08:00' }),
    places: ['A frozen'],
    go: null,
  },
  {
    name: 'a revert holds what comes next',
    lane: lane('CBA', passed('CBA'), { tried: [revert, tried(8, 'B', 'done'), tried(7, 'A', 'done')] }),
    places: ['C held'],
    go: null,
  },
  {
    name: 'until somebody releases it, and what was taken back stays away',
    lane: lane('CBA', passed('CBA'), {
      tried: [revert, tried(8, 'B', 'done'), tried(7, 'A', 'done')],
      lastHold: released,
    }),
    places: ['C green'],
    go: 'C',
  },
  {
    name: 'a released revert alone lets nothing go',
    lane: lane('BA', passed('BA'), { tried: [revert, tried(8, 'B', 'done')], lastHold: released }),
    places: [],
    go: null,
  },
]

for (const { name, lane: state, places, go } of cases) {
  test(`the train: ${name}`, () => {
    const decided = whatNow(state)
    assert.deepEqual(
      decided.places.map(({ commit, status }) => `${commit} ${status}`),
      places,
    )
    assert.equal(decided.go?.commit ?? null, go)
  })
}

test('what goes is ordered by who pushed it, with its subject', () => {
  const { go } = whatNow(lane('BA', passed('BA')))
  assert.deepEqual(go, { commit: 'B', run: 'r2', who: 'pusher of B', why: 'make B' })
})

test('a revert is written down as a hold once, with its reason', () => {
  const state = lane('B', passed('B'), { tried: [revert] })
  assert.deepEqual(whatNow(state).holdAnew, { who: 'eve', why: 'c9 took c8 back: it is slow' })
  assert.equal(whatNow({ ...state, lastHold: held(91) }).holdAnew, null)
  assert.equal(whatNow({ ...state, tried: [{ ...revert, status: 'undone' }] }).holdAnew, null)
})
