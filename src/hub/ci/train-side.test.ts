import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { CommitPlan } from '../../api/wire/code.ts'
import type { Happening } from '../../change/entry.ts'
import { emptyPlan } from '../../change/samples.ts'
import type { Json } from '../../change/json.ts'
import type { Order } from '../../change/order.ts'
import type { TeamConfig } from '../../config/config.ts'
import { loadConfig } from '../../config/reading/load.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import { tryKind } from '../../pipeline/try-kind.ts'
import { openStore } from '../../store/open.ts'
import { openTrain, stirs } from './train-side.ts'

const team = `export default {
  hosts: { here: { via: 'local' } },
  repos: { shop: {}, infra: {} },
  infra: { repo: 'infra', apply: 'on green', freeze: ['2027-03-01'], zone: 'UTC' },
  apps: { shop: { repo: 'shop', run: 'node .', environments: {
    production: { on: ['here'], deploy: 'on green', freeze: ['2027-03-01'], zone: 'UTC' },
    staging: { on: ['here'] },
  } } },
}`

const holder = { pid: 1, started: 0, boot: 'train', kind: 'hub' } as const
const [a, b] = ['a'.repeat(40), 'b'.repeat(40)]

async function station(t: TestContext, written = team) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-train-'))
  const project = await scratchProject({ 'tandem.ts': written })
  t.after(() => project[Symbol.asyncDispose]())
  const config: TeamConfig = (await loadConfig(project.dir)).config
  let store = await openStore(dir)
  t.after(async () => {
    await store.close()
    await rm(dir, { recursive: true })
  })
  const clock = { now: Date.UTC(2027, 1, 1) }
  const orders: Order[] = []
  const open = () => {
    const { kind } = tryKind()
    const deploy = { ...kind, name: 'deploy' }
    const apply = { ...kind, name: 'apply', accept: async (wish: Json) => ({ target: 'infra', wish }) }
    const kinds = new Map([deploy, apply].map((one) => [one.name, one]))
    const world = { store, now: () => clock.now, kinds }
    const propose = async (order: Order) => {
      orders.push(order)
      return store.ledger.order(order, clock.now, holder)
    }
    const planOf = async (_: string, commit: string) => plans.get(commit) ?? null
    return openTrain({ world, config: async () => config, propose, planOf })
  }
  const plans = new Map<string, CommitPlan>()
  const push = async (commit: string, repo = 'shop') => {
    const ref = 'refs/heads/main'
    const said = { who: 'ada', door: 'git', subject: `make ${commit[0]}` } as const
    await store.ledger.record(repo, { type: 'pushed', ref, from: null, to: commit, ...said }, clock.now)
    const order = { repo, commit, tree: commit, ref, trouble: null, jobs: [], again: false }
    const { run } = await store.runs.order({ ...order, ...said, orderedAt: clock.now })
    return () => store.runs.end(run.id, { outcome: 'passed', endedAt: clock.now, release: null })
  }
  const restart = async () => {
    await store.close()
    store = await openStore(dir)
    return open()
  }
  const happen = (change: string, happenings: readonly Happening[]) =>
    store.ledger.append(change, happenings, clock.now, null)
  return { clock, orders, open, push, plans, restart, happen, store: () => store }
}

const done = (commit: string): readonly Happening[] => [
  { type: 'leased', token: 1 },
  { type: 'planned', plan: { ...emptyPlan, outcome: { commit } } },
  { type: 'decided', to: 'finish', why: '' },
  { type: 'finished' },
]

test('a green commit is ordered once, in the name of who pushed it, also across a restart', async (t) => {
  const { open, push, orders, restart } = await station(t)
  const train = open()
  const pass = await push(a)
  await train.tick()
  assert.deepEqual(
    (await train.side.view()).places.map(({ status }) => status),
    ['testing'],
  )
  await pass()
  const again = await restart()
  for (let nth = 0; nth < 3; nth += 1) await again.tick()
  assert.equal(orders.length, 1)
  const { who, door, why, target, wish } = orders[0] ?? assert.fail()
  assert.deepEqual([who, door, why, target], ['ada', 'git', 'make a', 'shop@production'])
  assert.deepEqual(wish, { app: 'shop', environment: 'production', ref: a })
  assert.deepEqual(
    (await again.side.view()).places.map(({ status, change }) => [status, change]),
    [['going', 'c1']],
  )
})

test('a hold keeps it, and its release lets it go', async (t) => {
  const { open, push, orders, clock } = await station(t)
  const train = open()
  const target = 'shop@production'
  await train.side.hold({ target, who: 'bob', why: 'the sale', until: null })
  await (
    await push(a)
  )()
  await train.tick()
  assert.equal(orders.length, 0)
  const { places, holds } = await train.side.view()
  assert.deepEqual([places[0]?.status, places[0]?.why, holds[0]?.who], ['held', 'bob: the sale', 'bob'])
  await train.side.release(target, 'bob', '')
  await train.tick()
  assert.equal(orders.length, 1)
  await assert.rejects(train.side.release(target, 'bob', ''), /is not held/)
  await assert.rejects(
    train.side.hold({ target: 'shop@prodution', who: 'bob', why: 'x', until: null }),
    ({ trouble }) => /did you mean shop@production/.test(trouble.now),
  )
  await train.side.hold({ target: 'shop@staging', who: 'bob', why: 'x', until: clock.now + 5 })
  assert.equal((await train.side.view()).holds.length, 1)
  clock.now += 5
  assert.equal((await train.side.view()).holds.length, 0)
})

test('a freeze keeps it until its days are over, though nobody writes anything', async (t) => {
  const { open, push, orders, clock } = await station(t)
  clock.now = Date.UTC(2027, 2, 1, 23, 59, 58)
  const train = open()
  await (
    await push(a)
  )()
  await train.tick()
  assert.equal((await train.side.view()).places[0]?.status, 'frozen')
  clock.now += 6_000
  await train.tick()
  assert.equal(orders.length, 1)
})

test('a revert holds what comes next, once, and is in the ledger', async (t) => {
  const { open, push, orders, happen, store } = await station(t)
  const train = open()
  await (
    await push(a)
  )()
  await train.tick()
  await happen('c1', done(a))
  const back = { ...(orders[0] ?? assert.fail()), who: 'eve', why: 'slow', reverts: 'c1' }
  await store().ledger.order(back, 0, holder)
  await happen('c2', done(b))
  await (
    await push(b)
  )()
  for (let nth = 0; nth < 3; nth += 1) {
    train.stir()
    await train.tick()
  }
  assert.equal(orders.length, 1)
  const asides = await store().ledger.asides({ about: 'shop@production', before: null, limit: 9 })
  assert.deepEqual(
    asides.map((aside) => aside.type === 'held' && [aside.who, aside.why]),
    [['eve', 'c2 took c1 back: slow']],
  )
})

test('it looks when it was stirred, and now and then, and not at every step of a deploy', async (t) => {
  const { open, push, orders, clock, store, happen } = await station(t)
  const asides = t.mock.method(store().ledger, 'asides')
  const train = open()
  await train.tick()
  const looked = asides.mock.callCount()
  assert.ok(looked > 0)
  await (
    await push(a)
  )()
  for (let nth = 0; nth < 3; nth += 1) await train.tick()
  assert.deepEqual([asides.mock.callCount(), orders.length], [looked, 0])
  train.stir()
  await train.tick()
  assert.equal(orders.length, 1)
  assert.equal(train.found('shop@production')?.places[0]?.status, 'green')
  await happen('c1', done(a))
  clock.now += 5_000
  await train.tick()
  assert.deepEqual(train.found('shop@production'), { at: clock.now, places: [] })
  assert.equal(train.found('shop@staging'), null)
  const written = await store().ledger.since(0, 99)
  const types = (does: boolean) =>
    [...new Set(written.filter((one) => stirs(one) === does).map(({ type }) => type))].toSorted()
  assert.deepEqual(types(true), ['finished', 'ordered', 'planned', 'pushed'])
  assert.deepEqual(types(false), ['decided', 'leased'])
})

const planned = (commit: string, more: Partial<CommitPlan> = {}): CommitPlan => ({
  commit,
  ref: 'refs/heads/main',
  who: 'ada',
  state: 'planned',
  at: 0,
  text: 'web1: 1 to make',
  isEmpty: false,
  lines: [],
  cut: 0,
  warnings: [],
  away: [],
  trouble: null,
  next: null,
  ...more,
})

test('a green commit of the infrastructure goes when its plan is made, and is one that does something', async (t) => {
  const { open, push, plans, orders, clock } = await station(t)
  const train = open()
  const view = async () =>
    (await train.side.view()).places.map(({ target, status, why }) => [target, status, why])
  const look = async () => {
    clock.now += 6_000
    await train.tick()
  }
  await (
    await push(a, 'infra')
  )()
  await look()
  assert.deepEqual([orders.length, await view()], [0, [['infra', 'testing', 'it has no plan yet']]])
  plans.set(a, planned(a, { state: 'looking', text: 'looks at the hosts' }))
  assert.deepEqual(await view(), [['infra', 'testing', 'its plan looks at the hosts']])
  plans.set(a, planned(a, { isEmpty: true, text: 'web1: nothing to do' }))
  await look()
  assert.deepEqual([orders.length, await view()], [0, []])
  assert.equal(train.found('infra')?.places[0]?.status, 'empty')
  plans.set(a, planned(a, { state: 'broken', text: 'tandem.ts:3:1: no' }))
  await look()
  assert.deepEqual([orders.length, await view()], [0, [['infra', 'broken', 'tandem.ts:3:1: no']]])
  plans.set(a, planned(a))
  await look()
  await look()
  assert.deepEqual(
    orders.map(({ kind, target, wish, who, door, why }) => [kind, target, wish, who, door, why]),
    [['apply', 'infra', { do: 'recipes', commit: a }, 'ada', 'git', 'make a']],
  )
})

test('holds and freezes keep the infrastructure as well, and weeks of drift do not bring it back', async (t) => {
  const { open, push, plans, orders, clock, happen, store } = await station(t)
  const train = open()
  const look = async () => {
    clock.now += 6_000
    await train.tick()
  }
  plans.set(a, planned(a))
  await train.side.hold({ target: 'infra', who: 'ada', why: 'the audit', until: null })
  await (
    await push(a, 'infra')
  )()
  await look()
  assert.equal(orders.length, 0)
  assert.equal((await train.side.view()).places[0]?.status, 'held')
  await train.side.release('infra', 'ada', 'it is over')
  clock.now = Date.UTC(2027, 2, 1, 12)
  await look()
  assert.equal((await train.side.view()).places[0]?.status, 'frozen')
  clock.now = Date.UTC(2027, 2, 2)
  await look()
  assert.equal(orders.length, 1)
  await happen('c1', done(a))
  const note = {
    kind: 'apply',
    target: 'infra',
    wish: { do: 'note' },
    who: 'tandem',
    door: 'clock',
    why: '',
    reverts: null,
  } as const
  for (let nth = 0; nth < 120; nth++) {
    const id = await store().ledger.order(note, clock.now, holder)
    await happen(id, [
      { type: 'leased', token: 1 },
      { type: 'planned', plan: emptyPlan },
      { type: 'decided', to: 'finish', why: '' },
      { type: 'finished' },
    ])
  }
  await look()
  assert.equal(orders.length, 1)
})

test('an infrastructure that is applied by hand shows what waits for somebody', async (t) => {
  const written = team.replace("apply: 'on green', ", '')
  const { open, push, plans, orders } = await station(t, written)
  const train = open()
  plans.set(a, planned(a))
  await (
    await push(a, 'infra')
  )()
  await train.tick()
  assert.deepEqual(
    (await train.side.view()).places.map(({ target, status, why }) => [target, status, why]),
    [['infra', 'green', 'somebody has to apply it']],
  )
  assert.equal(orders.length, 0)
})
