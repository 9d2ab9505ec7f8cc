import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { CommitPlan, TrainPlace } from '../../api/wire/code.ts'
import { emptyPlan, sampleOrder } from '../../change/samples.ts'
import { openStore } from '../../store/open.ts'
import { planWords } from './plan-words.ts'
import { type TellWorld, tellPush } from './tell.ts'

const commit = 'c'.repeat(40)
const target = 'shop@production'
const holder = { pid: 1, started: 0, boot: 'tell', kind: 'hub' } as const
const own: TrainPlace = {
  target,
  commit,
  subject: '',
  who: 'ada',
  run: 'r1',
  status: 'green',
  why: null,
  change: null,
}

/** A push whose run is over and green, to a branch that goes live by itself. */
async function greenPush(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-tell-'))
  const store = await openStore(dir)
  t.after(async () => {
    await store.close()
    await rm(dir, { recursive: true })
  })
  const train: { at: number; places: readonly TrainPlace[] } = { at: 0, places: [] }
  const plan: { now: CommitPlan | null } = { now: null }
  const world: TellWorld = {
    store,
    log: async () => ({ lines: [], next: 0, isOver: true }),
    targets: async () => [target],
    train: { stir: () => {}, found: () => ({ ...train }) },
    planOf: async () => plan.now,
    now: Date.now,
    sleep: (ms, signal) => pause(ms, undefined, { signal }).catch(() => undefined),
  }
  const { run } = await store.runs.order({
    repo: 'shop',
    commit,
    tree: 't',
    ref: 'refs/heads/main',
    subject: '',
    who: 'ada',
    door: 'git',
    trouble: null,
    orderedAt: 0,
    again: false,
    jobs: [],
  })
  await store.runs.end(run.id, { outcome: 'passed', endedAt: 0, release: null })
  const lines: string[] = []
  const never = new AbortController().signal
  const relay = { say: (line: string) => void lines.push(line), end: () => {}, gone: never }
  return {
    store,
    lines,
    plan,
    tell: () => tellPush(world, run.id, { relay, leaving: never }),
    found: (...places: readonly TrainPlace[]) => Object.assign(train, { at: Date.now(), places }),
    order: (at: number) =>
      store.ledger.order({ ...sampleOrder, wish: { ref: commit }, door: 'git' }, at, holder),
  }
}

async function said(lines: readonly string[], count: number): Promise<void> {
  while (lines.length < count) await pause(5)
}

/** What was found before somebody asked says nothing: the train finds it again until it is told. */
async function foundUntil(told: Promise<void>, find: () => unknown): Promise<void> {
  const finding = setInterval(find, 100)
  await told.finally(() => clearInterval(finding))
}

test('what the train finds is told at once, though nobody has written anything', async (t) => {
  const { tell, found, lines } = await greenPush(t)
  const began = Date.now()
  // What it had found before says nothing.
  found()
  await pause(5)
  const told = tell()
  await foundUntil(told, () => found({ ...own, status: 'held', why: 'bob: the sale' }))
  assert.ok(Date.now() - began < 2_500, 'it was not before it looks anyway')
  assert.deepEqual(lines.slice(1), [
    'shop@production is held by bob: the sale',
    '  now   `tandem release shop@production` lets it go',
  ])
})

test('who waits for their turn is told so once, and then of their own change', async (t) => {
  const { tell, found, order, store, lines } = await greenPush(t)
  const told = tell()
  const finding = setInterval(() => found({ ...own, status: 'waiting', why: 'c7 is under way' }), 100)
  await said(lines, 2)
  // Time to say it again.
  await pause(300)
  clearInterval(finding)
  const change = await order(Date.now())
  await said(lines, 3)
  await store.ledger.append(
    change,
    [
      { type: 'leased', token: 1 },
      { type: 'planned', plan: { ...emptyPlan, title: 'shop cccccc to production' } },
      { type: 'decided', to: 'finish', why: '' },
      { type: 'finished' },
    ],
    Date.now(),
    null,
  )
  await told
  assert.deepEqual(lines.slice(1, 3), [
    'shop@production: c7 is under way, this is next',
    'c1: deploy to shop@production',
  ])
  assert.match(lines[3] ?? '', /^c1 done: shop cccccc to production/)
  assert.equal(lines.length, 4)
})

test('a commit that a newer one has passed by is told so, and one that was tried before', async (t) => {
  const passed = await greenPush(t)
  const told = passed.tell()
  await foundUntil(told, () => passed.found({ ...own, commit: 'd'.repeat(40) }))
  assert.match(passed.lines.at(-1) ?? '', /^shop@production: a newer commit goes instead/)

  const tried = await greenPush(t)
  const change = await tried.order(1_000)
  await tried.store.ledger.append(change, [{ type: 'withdrawn', who: 'ada', why: '' }], 2_000, null)
  await tried.tell()
  assert.match(tried.lines[1] ?? '', /^shop@production: c1 has brought it before \(withdrawn\)/)
})

test('the plan of an infrastructure is told when it is made, before what comes of it', async (t) => {
  const { tell, found, lines, plan, store } = await greenPush(t)
  plan.now = { ...aPlan, state: 'looking' }
  const told = tell()
  await said(lines, 1)
  await pause(150)
  assert.equal(lines.length, 1)
  plan.now = aPlan
  await store.records.put('commit plans', 'shop', 'made')
  await said(lines, 6)
  await foundUntil(told, () => found({ ...own, status: 'empty', why: 'web1: nothing to do' }))
  assert.deepEqual(lines.slice(1), [
    'plan: web1: 1 to make',
    '  ! web9 is new and left out',
    '  +   file /etc/motd (web.ts:3:1)',
    '  … 7 more lines: `tandem repo commit shop cccccccccccc`',
    '  now   `tandem apply --commit cccccccccccc` does it',
    'shop@production: web1: nothing to do',
  ])
})

test('and why there is none', () => {
  const trouble = { what: "hosts.here has no 'address'", where: 'tandem.ts:3:14', now: 'add it' }
  const [broken] = planWords('infra', { ...aPlan, state: 'broken', trouble })
  assert.deepEqual(broken?.lines, [
    'there is no plan of it:',
    "✗ hosts.here has no 'address'",
    '  where tandem.ts:3:14',
    '  now   add it',
  ])
  const [passed] = planWords('infra', { ...aPlan, state: 'passed by', text: 'not planned: d is newer' })
  assert.deepEqual(passed?.lines, ['not planned: d is newer'])
  assert.deepEqual(planWords('infra', { ...aPlan, state: 'waiting' }), [])
})

const aPlan: CommitPlan = {
  commit,
  ref: 'refs/heads/main',
  who: 'ada',
  state: 'planned',
  at: 0,
  text: 'web1: 1 to make',
  isEmpty: false,
  lines: [{ mark: '+', text: '  file /etc/motd (web.ts:3:1)' }],
  cut: 7,
  warnings: ['web9 is new and left out'],
  away: [],
  trouble: null,
  next: 'tandem apply --commit cccccccccccc',
}
