import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { ChangeId, Order } from '../change/order.ts'
import { sampleOrder } from '../change/samples.ts'
import { thisProcess } from '../store/holder.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { fence, fences, lift } from './fence.ts'
import { healOnce } from './heal.ts'
import { penOf } from './pen.ts'
import { makePipeline, type Pipeline } from './pipeline.ts'
import { type TryKind, tryKind } from './try-kind.ts'
import type { World } from './world.ts'

type Ward = Readonly<{ store: Store; world: World; pipeline: Pipeline; trying: TryKind }>

async function open(t: TestContext): Promise<Ward> {
  const dir = mkdtempSync(join(tmpdir(), 'heal-'))
  const store = await openStore(dir)
  const trying = tryKind()
  const world: World = {
    store,
    kinds: new Map([['try', trying.kind]]),
    holder: thisProcess('hub'),
    now: Date.now,
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
  return { store, world, pipeline, trying }
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
