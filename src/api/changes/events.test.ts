import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sampleOrder, samplePlan } from '../../change/samples.ts'
import { openStore } from '../../store/open.ts'
import { makeApi } from '../app.ts'
import { makeEventMaker, streamLimits } from './events.ts'
import { makeSmallHub } from '../small-hub.ts'
import { makeEventReader, type Sent } from '../client/sse.ts'

async function makeWorld(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-events-'))
  const store = await openStore(dir)
  const hub = makeSmallHub(store, { now: () => 1_000, people: { ada: 'everything' } })
  const api = makeApi(hub.side, { now: () => 1_000, broke: () => assert.fail('a bug') })
  const { secret, token } = await store.tokens.create('ada', 'x', 0, null)
  const open: Array<() => Promise<void>> = []
  t.after(async () => {
    for (const close of open) await close()
    await store.close()
    await rm(dir, { recursive: true })
  })
  const listen = async (query: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await api.request(`/api/events${query}`, {
      headers: { authorization: `Bearer ${secret}`, ...headers },
    })
    assert.ok(response.body)
    const reader = response.body.getReader()
    open.push(() => reader.cancel())
    return reading(reader)
  }
  return { api, hub, store, token, secret, listen }
}

/** Reads `count` events, or says that the stream ended. */
function reading(reader: ReadableStreamDefaultReader<Uint8Array>) {
  const eventsIn = makeEventReader(1_000_000)
  const text = new TextDecoder()
  const ready: Sent[] = []
  const take = async (count: number): Promise<readonly Sent[] | 'ended'> => {
    while (ready.length < count) {
      const { done, value } = await reader.read()
      if (done) return 'ended'
      ready.push(...eventsIn(text.decode(value, { stream: true })))
    }
    return ready.splice(0, count)
  }
  return { take, cancel: () => reader.cancel() }
}

const seqs = (events: readonly Sent[] | 'ended') =>
  events === 'ended' ? events : events.map(({ id }) => Number(id))

test('an event shows the change as it was then, and a plan is not read again for each entry of its change', async (t) => {
  const { hub, store } = await makeWorld(t)
  const [one, other] = [await hub.side.propose(sampleOrder), await hub.side.propose(sampleOrder)]
  const all = [
    [one, { type: 'leased', token: 1 }],
    [one, { type: 'planned', plan: samplePlan }],
    [other, { type: 'leased', token: 2 }],
    [one, { type: 'stage-started', stage: 'one' }],
    [one, { type: 'stage-done', stage: 'one' }],
  ] as const
  for (const [change, happening] of all) await hub.happen(change, [happening])
  const entries = await store.ledger.since(0, 100)
  const read: string[] = []
  const of: typeof store.ledger.of = (change) => {
    read.push(change)
    return store.ledger.of(change)
  }
  const side = { ...hub.side, store: { ...store, ledger: { ...store.ledger, of } } }
  const alone = await Promise.all(entries.map((entry) => makeEventMaker(side)(entry)))
  read.length = 0
  const maker = makeEventMaker(side)
  const inOrder: string[] = []
  for (const entry of entries) inOrder.push(await maker(entry))
  assert.deepEqual(inOrder, alone)
  assert.deepEqual(read, [one, other, one, other, one], 'each time another change is heard of')
  const jumping = makeEventMaker(side)
  for (const at of [2, 6, 3, 5, 0, 4, 1]) {
    const entry = entries[at]
    assert.ok(entry)
    assert.equal(await jumping(entry), alone[at])
  }
})

test('a stream tells everything after a place, then what comes, each once and in order', async (t) => {
  const { hub, listen } = await makeWorld(t)
  const change = await hub.side.propose(sampleOrder)
  await hub.happen(change, [{ type: 'leased', token: 1 }])
  const stream = await listen('?after=1')
  assert.deepEqual(seqs(await stream.take(1)), [2])
  const next = stream.take(2)
  await hub.happen(change, [{ type: 'planned', plan: samplePlan }])
  await hub.happen(change, [{ type: 'stage-started', stage: 'canary' }])
  const events = await next
  assert.deepEqual(seqs(events), [3, 4])
  assert.ok(events !== 'ended')
  const views = events.map(({ data }) => JSON.parse(data).change)
  assert.deepEqual(
    views.map(({ status, stage }) => [status, stage]),
    [
      ['running', null],
      ['running', 'canary'],
    ],
  )
})

test('a change that is told again is shown as it was then', async (t) => {
  const { hub, listen } = await makeWorld(t)
  const change = await hub.side.propose(sampleOrder)
  await hub.happen(change, [
    { type: 'leased', token: 1 },
    { type: 'planned', plan: samplePlan },
  ])
  const events = await (await listen('?after=0')).take(3)
  assert.ok(events !== 'ended')
  const statuses = events.map(({ data }) => JSON.parse(data).change.status)
  assert.deepEqual(statuses, ['waiting', 'planning', 'running'])
})

test('more than a page is told whole, and a reader that comes back goes on where it was', async (t) => {
  const { hub, listen } = await makeWorld(t)
  const change = await hub.side.propose(sampleOrder)
  const many = streamLimits.pageEntries * 2 + 5
  const notes = Array.from({ length: many }, (_, i) => ({ type: 'note', text: `${i}` }) as const)
  await hub.happen(change, notes)
  const all = await (await listen('?after=0')).take(many + 1)
  assert.deepEqual(
    seqs(all),
    Array.from({ length: many + 1 }, (_, i) => i + 1),
  )
  const resumed = await listen('?after=0', { 'last-event-id': String(many) })
  assert.deepEqual(seqs(await resumed.take(1)), [many + 1])
})

test('without a place a stream begins now', async (t) => {
  const { hub, listen } = await makeWorld(t)
  const change = await hub.side.propose(sampleOrder)
  const stream = await listen('')
  const next = stream.take(1)
  await hub.happen(change, [{ type: 'leased', token: 1 }])
  assert.deepEqual(seqs(await next), [2])
})

test('what belongs to no change is told in its place, and moves the place to resume from', async (t) => {
  const { hub, listen } = await makeWorld(t)
  const change = await hub.side.propose(sampleOrder)
  const stream = await listen('?after=1')
  const next = stream.take(2)
  await hub.record('shop', { type: 'mirrored', to: 'git@forge:shop', trouble: null })
  await hub.happen(change, [{ type: 'leased', token: 1 }])
  const events = await next
  assert.deepEqual(seqs(events), [2, 3])
  assert.ok(events !== 'ended')
  assert.equal(events[0]?.event, 'aside')
  const { type, aside } = JSON.parse(events[0].data)
  assert.deepEqual([type, aside.about, aside.to], ['aside', 'shop', 'git@forge:shop'])
})

test('log lines come along without an id, so that they never move the place to resume from', async (t) => {
  const { hub, listen } = await makeWorld(t)
  const stream = await listen('')
  const next = stream.take(1)
  await new Promise((resolve) => setImmediate(resolve))
  await hub.say({ change: 'c1', at: 5, step: 'switch web1', host: 'web1', text: 'hello' })
  const events = await next
  assert.ok(events !== 'ended')
  assert.equal(events[0]?.event, 'log')
  assert.equal(events[0]?.id, null)
  assert.equal(JSON.parse(events[0].data).line.text, 'hello')
})

test('what happens while a reader is busy waits for it in the ledger, not in memory', async (t) => {
  const { hub, listen } = await makeWorld(t)
  const stream = await listen('?after=0')
  const change = await hub.side.propose(sampleOrder)
  assert.deepEqual(seqs(await stream.take(1)), [1])
  for (let i = 0; i < 20; i += 1) await hub.happen(change, [{ type: 'note', text: `${i}` }])
  assert.deepEqual(
    seqs(await stream.take(20)),
    Array.from({ length: 20 }, (_, i) => i + 2),
  )
})

test('a reader that goes is forgotten, and one that only asks for the headers is never known', async (t) => {
  const { api, hub, listen, secret } = await makeWorld(t)
  const head = await api.request('/api/events', {
    method: 'HEAD',
    headers: { authorization: `Bearer ${secret}` },
  })
  assert.equal(head.status, 200)
  assert.equal(hub.listeners(), 0)
  const change = await hub.side.propose(sampleOrder)
  const stream = await listen('?after=0')
  assert.deepEqual(seqs(await stream.take(1)), [1])
  assert.equal(hub.listeners(), 1)
  await stream.cancel()
  assert.equal(hub.listeners(), 0)
  await hub.happen(change, [{ type: 'leased', token: 1 }])
})

test('every quarter of a minute the stream shows that it lives, until its token is revoked', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { listen, store, token } = await makeWorld(t)
  const stream = await listen('')
  const first = stream.take(1)
  let ping: Awaited<typeof first> | null = null
  void first.then((found) => (ping = found))
  // Nothing is heard before the stream has begun.
  while (ping === null) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    if (ping === null) t.mock.timers.tick(streamLimits.pingMs)
  }
  assert.deepEqual(ping, [{ event: 'ping', id: null, data: '{}' }])
  await store.tokens.revoke(token.id)
  const last = stream.take(1)
  t.mock.timers.tick(streamLimits.pingMs)
  assert.equal(await last, 'ended')
})
