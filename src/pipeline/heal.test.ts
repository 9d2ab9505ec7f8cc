import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { ChangeId, Order } from '../change/order.ts'
import { sampleOrder } from '../change/samples.ts'
import { TroubleError } from '../change/trouble.ts'
import { thisProcess } from '../store/holder.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { attemptOf, fencesTold } from './attempt.ts'
import { fence, fences, lift } from './fence.ts'
import { healOnce } from './heal.ts'
import { penOf } from './pen.ts'
import { makePipeline, type Pipeline } from './pipeline.ts'
import { type TryKind, tryKind } from './try-kind.ts'
import type { World } from './world.ts'

type Ward = Readonly<{
  store: Store
  world: World
  pipeline: Pipeline
  trying: TryKind
  clock: { aheadMs: number }
}>

async function open(t: TestContext): Promise<Ward> {
  const dir = mkdtempSync(join(tmpdir(), 'heal-'))
  const store = await openStore(dir)
  const trying = tryKind()
  const clock = { aheadMs: 0 }
  const world: World = {
    store,
    kinds: new Map([['try', trying.kind]]),
    holder: thisProcess('hub'),
    now: () => Date.now() + clock.aheadMs,
    sleep: (ms, signal) => pause(Math.min(ms, 5), undefined, { signal }).catch(() => undefined),
    announce: async () => [],
  }
  await store.leases.beat(world.holder, Date.now())
  const pipeline = makePipeline(world, (_id, thrown) => assert.fail(String(thrown)))
  t.after(async () => {
    await pipeline.idle()
    await store.close()
    rmSync(dir, { recursive: true })
  })
  return { store, world, pipeline, trying, clock }
}

const deploy: Order = { ...sampleOrder, kind: 'try', wish: 'new' }

/** A change that has its lease and has left h2 behind; it goes on until it is released. */
async function leavesBehind({ store, world }: Ward): Promise<ChangeId> {
  const id = await store.ledger.order(deploy, Date.now(), world.holder)
  const lease = await store.leases.take(id, world.holder, Date.now())
  if (lease === null) return assert.fail('nobody else is in the line')
  await fence(world, penOf(world, lease), 'h2', 'it was away')
  return id
}

test('a host is not healed while the change that left it behind goes on', async (t) => {
  const ward = await open(t)
  const id = await leavesBehind(ward)
  ward.trying.healing.wish = 'in place'
  await healOnce(ward.world, ward.pipeline)
  assert.equal((await fences(ward.world)).length, 1)
  await ward.store.leases.release(id)
  await healOnce(ward.world, ward.pipeline)
  assert.deepEqual(await fences(ward.world), [])
})

test('a host that is back is brought to where it should be by one change, however often one looks', async (t) => {
  const ward = await open(t)
  const id = await leavesBehind(ward)
  await ward.store.leases.release(id)
  ward.trying.healing.wish = 'new'
  await healOnce(ward.world, ward.pipeline)
  await healOnce(ward.world, ward.pipeline)
  await ward.pipeline.idle()
  assert.deepEqual(await fences(ward.world), [])
  assert.equal((await ward.store.ledger.changes({ target: null, before: null, limit: 9 })).length, 2)
})

test('a host that was left behind anew stays so when an older healing comes to its end', async (t) => {
  const ward = await open(t)
  await leavesBehind(ward)
  const [older] = await fences(ward.world)
  if (older === undefined) return assert.fail('h2 was left behind')
  await ward.store.records.put('fences', 'shop@production h2', { ...older, since: older.since + 1 })
  await lift(ward.world, older, 'c9')
  assert.equal((await fences(ward.world)).length, 1)
})

const changedKey = new TroubleError({
  what: 'h2 shows another host key',
  now: 'compare it: tandem host accept h2',
})

test('a host that refuses us is noted once with its reason, shown with it, and is no bug', async (t) => {
  const ward = await open(t)
  const { world, pipeline, store, trying, clock } = ward
  const id = await leavesBehind(ward)
  await store.leases.release(id)
  trying.healing.refusal = changedKey
  for (let nth = 0; nth < 3; nth++, clock.aheadMs += 400_000) await healOnce(world, pipeline)
  const notes = (await store.ledger.of(id)).filter(({ type }) => type === 'note')
  const reason = 'h2 shows another host key; compare it: tandem host accept h2'
  assert.deepEqual(
    notes.map((note) => note.type === 'note' && note.text),
    [`h2 cannot be healed: ${reason}`],
  )
  assert.equal((await fencesTold(world))[0]?.why, `it was away; it cannot be healed: ${reason}`)
  trying.healing.refusal = null
  trying.healing.wish = 'in place'
  await healOnce(world, pipeline)
  assert.deepEqual(await fencesTold(world), [])
  assert.deepEqual(await store.records.list('healing'), [])
})

test('a host that refuses us is tried again with pauses that grow to five minutes', async (t) => {
  const ward = await open(t)
  await ward.store.leases.release(await leavesBehind(ward))
  ward.trying.healing.refusal = changedKey
  const pausesS: number[] = []
  const [fence] = await fences(ward.world)
  if (fence === undefined) return assert.fail('h2 was left behind')
  for (let nth = 0; nth < 9; nth++) {
    await healOnce(ward.world, ward.pipeline)
    await healOnce(ward.world, ward.pipeline)
    const attempt = await attemptOf(ward.world, fence)
    assert.equal(attempt?.tries, nth + 1, 'it was tried before its time')
    const pauseMs = (attempt?.again ?? 0) - ward.world.now()
    pausesS.push(Math.round(pauseMs / 1_000))
    ward.clock.aheadMs += pauseMs
  }
  assert.deepEqual(pausesS, [4, 8, 16, 32, 64, 128, 256, 300, 300])
  ward.clock.aheadMs = -3_600_000
  await healOnce(ward.world, ward.pipeline)
  assert.equal((await attemptOf(ward.world, fence))?.tries, 10, 'a clock that was set back stops the healing')
})

test('a bug in the healing is thrown, and not called a refusal', async (t) => {
  const ward = await open(t)
  await ward.store.leases.release(await leavesBehind(ward))
  ward.trying.healing.refusal = new TypeError('oops')
  await assert.rejects(healOnce(ward.world, ward.pipeline), /oops/)
})
