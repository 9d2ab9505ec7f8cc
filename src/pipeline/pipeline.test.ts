import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Json } from '../change/json.ts'
import type { ChangeId, Order } from '../change/order.ts'
import { stepsOf } from '../change/plan.ts'
import { type Status, statusOf } from '../change/status.ts'
import { sampleOrder } from '../change/samples.ts'
import { planOf } from '../change/undo.ts'
import { thisProcess } from '../store/holder.ts'
import { openStore } from '../store/open.ts'
import type { Holder, Store } from '../store/store.ts'
import { fences } from './fence.ts'
import { makePipeline, type Pipeline } from './pipeline.ts'
import { openTail } from './tail.ts'
import { type TryKind, tryKind } from './try-kind.ts'
import type { World } from './world.ts'

type Lab = Readonly<{ store: Store; pipeline: Pipeline; trying: TryKind; world: World; bugs: unknown[] }>

/** A holder that is surely dead: no process has this number. */
const deadHolder: Holder = { ...thisProcess('hub'), pid: 2 ** 22 + 1 }

async function open(t: TestContext, { holder }: { holder?: Holder } = {}): Promise<Lab> {
  const dir = mkdtempSync(join(tmpdir(), 'pipeline-'))
  const store = await openStore(dir)
  const trying = tryKind()
  const bugs: unknown[] = []
  const world: World = {
    store,
    kinds: new Map([['try', trying.kind]]),
    holder: holder ?? thisProcess('hub'),
    now: Date.now,
    sleep: (ms, signal) => pause(Math.min(ms, 5), undefined, { signal }).catch(() => undefined),
    announce: async () => [{ room: 'ops', trouble: 'the room is down' }],
  }
  await store.leases.beat(world.holder, Date.now())
  const pipeline = makePipeline(world, (_id, thrown) => bugs.push(thrown))
  const tail = await openTail(store, (thrown) => bugs.push(thrown))
  tail.subscribe({ entry: pipeline.heard, aside: () => {}, log: () => {} })
  t.after(async () => {
    await pipeline.idle()
    tail.close()
    await store.close()
    rmSync(dir, { recursive: true })
    assert.deepEqual(bugs, [])
  })
  return { store, pipeline, trying, world, bugs }
}

const order = (wish: Json, who = 'ada'): Order => ({ ...sampleOrder, kind: 'try', wish, who })

async function statusIn(store: Store, change: ChangeId): Promise<Status> {
  return statusOf(await store.ledger.of(change))
}

async function typesIn(store: Store, change: ChangeId): Promise<readonly string[]> {
  return (await store.ledger.of(change)).map(({ type }) => type)
}

const told = (trying: TryKind, word: string): readonly string[] =>
  trying.deeds.filter((deed) => deed.startsWith(word))

test('a good change runs through its stages, settles and ends done', async (t) => {
  const { store, pipeline, trying } = await open(t)
  const id = await pipeline.propose(order('new'))
  await pipeline.idle()
  assert.equal(await statusIn(store, id), 'done')
  assert.deepEqual([...trying.hosts.values()], ['new', 'new', 'new'])
  assert.equal(trying.deeds.at(-1), 'close')
  assert.deepEqual(told(trying, 'undo'), [])
  const entries = await store.ledger.of(id)
  const steps = entries.flatMap((entry) => (entry.type === 'step-done' ? [entry.step] : []))
  assert.deepEqual(new Set(steps), new Set(stepsOf(planOf(entries)!).map((step) => step.id)))
})

test('a room that is down is noted and stops nothing', async (t) => {
  const { store, pipeline } = await open(t)
  const id = await pipeline.propose(order('new'))
  await pipeline.idle()
  const announced = (await store.ledger.of(id)).filter((entry) => entry.type === 'announced')
  assert.deepEqual(
    announced.map(({ trouble }) => trouble),
    ['the room is down', 'the room is down'],
  )
})

test('a wish that cannot be is refused and touches nothing', async (t) => {
  const { store, pipeline, trying } = await open(t)
  const id = await pipeline.propose(order('impossible'))
  await pipeline.idle()
  assert.equal(await statusIn(store, id), 'refused')
  assert.deepEqual(trying.deeds, [])
  assert.deepEqual(await store.leases.lines(), [])
})

test('a step that fails undoes what was started, on each host the latest first', async (t) => {
  const { store, pipeline, trying } = await open(t)
  trying.faults.set('do switch h2', { what: 'fail', times: 1 })
  const id = await pipeline.propose(order('new'))
  await pipeline.idle()
  assert.equal(await statusIn(store, id), 'undone')
  assert.deepEqual([...trying.hosts.values()], ['old', 'old', 'old'])
  const undone = Map.groupBy(told(trying, 'undo'), (deed) => deed.split(' ')[2])
  assert.deepEqual(undone.get('h1'), ['undo switch h1', 'undo prepare h1'])
  assert.deepEqual(undone.get('h2'), ['undo switch h2', 'undo prepare h2'])
  const last = (await store.ledger.of(id)).find((entry) => entry.type === 'undone')
  assert.equal(last?.trouble.what, 'do switch h2 did not work')
})

test('one failing step aborts the others of its stage', async (t) => {
  const { store, pipeline, trying } = await open(t)
  trying.faults.set('do prepare h1', { what: 'hang', times: 1 })
  trying.faults.set('do prepare h2', { what: 'fail', times: 1 })
  const id = await pipeline.propose(order('new'))
  await pipeline.idle()
  assert.equal(await statusIn(store, id), 'undone')
})

test('harm seen by the watch undoes the canary, and the rest is never touched', async (t) => {
  const { store, pipeline, trying } = await open(t)
  trying.verdict.now = { verdict: 'harmful', evidence: ['9 of 10 requests failed'] }
  const id = await pipeline.propose(order('new'))
  await pipeline.idle()
  assert.equal(await statusIn(store, id), 'undone')
  assert.deepEqual(told(trying, 'do switch'), ['do switch h1'])
  assert.deepEqual([...trying.hosts.values()], ['old', 'old', 'old'])
})

test('no data is written down as no data', async (t) => {
  const { store, pipeline, trying } = await open(t)
  trying.verdict.now = { verdict: 'no data', evidence: ['no request came in'] }
  const id = await pipeline.propose(order('new'))
  await pipeline.idle()
  const watched = (await store.ledger.of(id)).filter((entry) => entry.type === 'watched')
  assert.deepEqual(
    watched.map(({ verdict }) => verdict),
    ['no data', 'no data'],
  )
  assert.equal(await statusIn(store, id), 'done')
})

test('a stop undoes what was started', async (t) => {
  const { store, pipeline, trying } = await open(t)
  trying.faults.set('do switch h1', { what: 'hang', times: 1 })
  const id = await pipeline.propose(order('new'))
  while (!trying.deeds.includes('do switch h1')) await pause(2)
  await pipeline.stop(id, 'grace', 'web')
  await pipeline.idle()
  assert.equal(await statusIn(store, id), 'undone')
  const end = (await store.ledger.of(id)).find((entry) => entry.type === 'undone')
  assert.equal(end?.trouble.what, 'stopped by grace')
})

test('a stop of a change that waits withdraws it and leaves the line', async (t) => {
  const { store, pipeline, trying } = await open(t)
  trying.faults.set('do switch h1', { what: 'hang', times: 1 })
  const first = await pipeline.propose(order('new'))
  const second = await pipeline.propose(order('newer', 'grace'))
  while (!trying.deeds.includes('do switch h1')) await pause(2)
  const [line] = await store.leases.lines()
  assert.equal(line?.holder?.change, first)
  assert.deepEqual(
    line?.waiting.map(({ change, who, why }) => ({ change, who, why })),
    [{ change: second, who: 'grace', why: 'ship it' }],
  )
  await pipeline.stop(second, 'grace', 'web')
  while ((await statusIn(store, second)) === 'waiting') await pause(2)
  assert.equal(await statusIn(store, second), 'withdrawn')
  await pipeline.stop(first, 'ada', 'web')
  await pipeline.idle()
  assert.deepEqual(await store.leases.lines(), [])
})

test('a change that has ended cannot be stopped', async (t) => {
  const { pipeline } = await open(t)
  const id = await pipeline.propose(order('new'))
  await pipeline.idle()
  await assert.rejects(pipeline.stop(id, 'ada', 'cli'), /has ended already: done/)
  await assert.rejects(pipeline.stop('c99', 'ada', 'cli'), /there is no change c99/)
})

test('fifty orders at once run one after the other, in the order they came in', async (t) => {
  const { store, pipeline, trying } = await open(t)
  const wishes = Array.from({ length: 50 }, (_, nth) => `new${nth}`)
  const ids = await Promise.all(wishes.map((wish) => pipeline.propose(order(wish))))
  await pipeline.idle()
  const entries = await store.ledger.since(0, 100_000)
  const work = entries
    .filter(({ type }) => type === 'leased' || type === 'finished')
    .map(({ type, change }) => `${type} ${change}`)
  assert.deepEqual(
    work,
    ids.flatMap((id) => [`leased ${id}`, `finished ${id}`]),
  )
  assert.equal(trying.hosts.get('h3'), 'new49')
})

test('a host that is lost while undoing is fenced, and the change is undone all the same', async (t) => {
  const { store, pipeline, trying, world } = await open(t)
  trying.faults.set('do switch h3', { what: 'fail', times: 1 })
  trying.faults.set('undo switch h2', { what: 'lost', times: 9 })
  const id = await pipeline.propose(order('new'))
  await pipeline.idle()
  assert.equal(await statusIn(store, id), 'undone')
  assert.deepEqual(
    (await fences(world)).map(({ host, change }) => ({ host, change })),
    [{ host: 'h2', change: id }],
  )
  assert.equal(told(trying, 'undo switch h2').length, 2)
  const again = await pipeline.propose(order('newer'))
  await pipeline.idle()
  assert.deepEqual(await fences(world), [])
  const healed = (await store.ledger.of(id)).find((entry) => entry.type === 'healed')
  assert.deepEqual({ host: healed?.host, by: healed?.by }, { host: 'h2', by: again })
})

test('an undo that fails otherwise leaves the change stuck, after all the rest was undone', async (t) => {
  const { store, pipeline, trying } = await open(t)
  trying.faults.set('do switch h3', { what: 'fail', times: 1 })
  trying.faults.set('undo switch h2', { what: 'fail', times: 9 })
  const id = await pipeline.propose(order('new'))
  await pipeline.idle()
  assert.equal(await statusIn(store, id), 'stuck')
  assert.equal(trying.hosts.get('h1'), 'old')
  assert.equal(told(trying, 'undo switch h2').length, 3)
  assert.deepEqual(told(trying, 'undo prepare h2'), [], 'what may be all that runs there was taken away')
})

test('a host that does not settle is fenced, and the change is done', async (t) => {
  const { store, pipeline, trying, world } = await open(t)
  trying.faults.set('do confirm h2', { what: 'lost', times: 9 })
  const id = await pipeline.propose(order('new'))
  await pipeline.idle()
  assert.equal(await statusIn(store, id), 'done')
  assert.deepEqual(
    (await fences(world)).map(({ host }) => host),
    ['h2'],
  )
})

/** Writes what a process had written when it died, then lets a living one resume. */
async function resumed(lab: Lab, until: 'leased' | 'planned' | 'switched' | 'decided'): Promise<ChangeId> {
  const { store, pipeline, trying } = lab
  const id = await store.ledger.order(order('new'), Date.now(), deadHolder)
  const lease = await store.leases.take(id, deadHolder, Date.now())
  assert.ok(lease)
  const plan = await trying.kind.plan({
    change: id,
    order: order('new'),
    say: () => {},
    signal: new AbortController().signal,
  })
  const write = (...happenings: Parameters<Store['ledger']['append']>[1]) =>
    store.ledger.append(id, happenings, Date.now(), lease)
  await write({ type: 'leased', token: lease.token })
  if (until !== 'leased') await write({ type: 'planned', plan })
  if (until === 'switched' || until === 'decided') {
    await write({ type: 'stage-started', stage: 'canary' }, { type: 'step-started', step: 'switch h1' })
    trying.hosts.set('h1', 'new')
  }
  if (until === 'decided') await write({ type: 'decided', to: 'finish', why: '' })
  assert.deepEqual(await pipeline.resume(), [id])
  await pipeline.idle()
  return id
}

test('a change that died between its steps is undone by the next process', async (t) => {
  const lab = await open(t)
  const id = await resumed(lab, 'switched')
  assert.equal(await statusIn(lab.store, id), 'undone')
  assert.equal(lab.trying.hosts.get('h1'), 'old')
  assert.deepEqual(told(lab.trying, 'do'), [])
})

test('a change that died after its decision is finished by the next process', async (t) => {
  const lab = await open(t)
  const id = await resumed(lab, 'decided')
  assert.equal(await statusIn(lab.store, id), 'done')
  assert.deepEqual(told(lab.trying, 'do').toSorted(), ['do confirm h1', 'do confirm h2', 'do confirm h3'])
})

test('a hub goes on with an order that died while it was planned', async (t) => {
  const lab = await open(t)
  const id = await resumed(lab, 'leased')
  assert.equal(await statusIn(lab.store, id), 'done')
  assert.ok((await typesIn(lab.store, id)).includes('resumed'))
})

test('a command by itself does not begin what somebody else had ordered', async (t) => {
  const lab = await open(t, { holder: thisProcess('cli') })
  const id = await resumed(lab, 'leased')
  assert.equal(await statusIn(lab.store, id), 'withdrawn')
  assert.deepEqual(lab.trying.deeds, [])
})

test('a process that lost its lease writes nothing more', async (t) => {
  const lab = await open(t, { holder: { pid: 1, started: 1, boot: 'of another machine', kind: 'hub' } })
  lab.trying.faults.set('do switch h1', { what: 'hang', times: 1 })
  const id = await lab.pipeline.propose(order('new'))
  while (!lab.trying.deeds.includes('do switch h1')) await pause(2)
  const other: Holder = { pid: process.pid, started: 2, boot: 'other', kind: 'hub' }
  const lease = await lab.store.leases.takeOver(id, other, Date.now() + 60_000)
  const before = await typesIn(lab.store, id)
  if (lease === null) return assert.fail('the silent holder was not taken over')
  await lab.store.ledger.append(id, [{ type: 'stop-asked', who: 'ada', door: 'cli' }], Date.now(), lease)
  await lab.pipeline.idle()
  assert.deepEqual(await typesIn(lab.store, id), [...before, 'stop-asked'])
})
