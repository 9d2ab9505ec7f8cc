import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { TroubleError } from '../../change/trouble.ts'
import { openStore } from '../../store/open.ts'
import { heardInTime } from './heard-in-time.ts'
import type { Sight } from './sights.ts'

async function worldOf(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-heard-'))
  const store = await openStore(folder)
  t.after(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })
  return { store, now: Date.now }
}

/** Shorter than hosts are given, so that nobody waits for it. */
const quietMs = 300

const seen = (host: string): Sight => ({ type: 'seen', host }) as unknown as Sight
const quick = async (host: string): Promise<Sight> => seen(host)

function silent(host: string, signal: AbortSignal): Promise<Sight> {
  return pause(20_000, undefined, { signal, ref: false }).then(
    () => seen(host),
    () => seen(host),
  )
}

const timed = async <T>(work: Promise<T>): Promise<Readonly<{ made: T; ms: number }>> => {
  const began = Date.now()
  return { made: await work, ms: Date.now() - began }
}

test('a silent host is away when most of the others have answered, and the next time at once', async (t) => {
  const world = await worldOf(t)
  const end = new AbortController()
  t.after(() => end.abort())
  const look = (host: string) => (host === 'dead' ? silent(host, end.signal) : quick(host))
  const hosts = ['a', 'b', 'dead']
  const first = await timed(heardInTime(world, hosts, look, quietMs))
  assert.deepEqual(
    first.made.map(({ type }) => type),
    ['seen', 'seen', 'away'],
  )
  assert.ok(first.ms >= quietMs && first.ms < 10_000, `${first.ms} ms`)
  const second = await timed(heardInTime(world, hosts, look, 60_000))
  assert.equal(second.made[2]?.type, 'away')
  assert.ok(second.ms < 20_000, `${second.ms} ms`)
})

test('a host that was away and answers is heard again', async (t) => {
  const world = await worldOf(t)
  await world.store.records.put('infra away', 'b', 'silent')
  const slow = async (host: string): Promise<Sight> => {
    await pause(host === 'a' ? 200 : 50)
    return seen(host)
  }
  const sights = await heardInTime(world, ['a', 'b'], slow)
  assert.deepEqual(
    sights.map(({ type }) => type),
    ['seen', 'seen'],
  )
  assert.deepEqual(await world.store.records.list('infra away'), [])
})

test('a host whose answer came too late is waited for the next time', async (t) => {
  const world = await worldOf(t)
  let answer = Promise.withResolvers<Sight>()
  const slow = (host: string): Promise<Sight> => (host === 'far' ? answer.promise : quick(host))
  const hosts = ['a', 'b', 'far']
  const first = await heardInTime(world, hosts, slow, quietMs)
  assert.equal(first[2]?.type, 'away')
  answer.resolve(seen('far'))
  while ((await world.store.records.list('infra away'))[0]?.value !== 'late') await pause(5)
  answer = Promise.withResolvers<Sight>()
  const again = heardInTime(world, hosts, slow, quietMs)
  await pause(3 * quietMs)
  answer.resolve(seen('far'))
  const second = await again
  assert.equal(second[2]?.type, 'seen')
})

test('answers that keep coming are waited for', async (t) => {
  const steady = async (host: string): Promise<Sight> => {
    await pause(Number(host) * 200)
    return seen(host)
  }
  const sights = await heardInTime(await worldOf(t), Array.from('0123456789'), steady, 2 * quietMs)
  assert.ok(sights.every(({ type }) => type === 'seen'))
})

test('one host alone is waited for', async (t) => {
  const late = async (host: string): Promise<Sight> => {
    await pause(3 * quietMs)
    return seen(host)
  }
  const [sight] = await heardInTime(await worldOf(t), ['only'], late, quietMs)
  assert.equal(sight?.type, 'seen')
})

test('a host that refuses is no silent one: its trouble is thrown', async (t) => {
  const refuse = (host: string): Promise<Sight> =>
    host === 'b' ? Promise.reject(new TroubleError({ what: 'no', now: 'look' })) : quick(host)
  await assert.rejects(heardInTime(await worldOf(t), ['a', 'b'], refuse), { message: 'no' })
  await assert.rejects(heardInTime(await worldOf(t), ['b'], refuse), { message: 'no' })
})
