import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Trouble, TroubleError } from '../../change/trouble.ts'
import { openStore } from '../../store/open.ts'
import { makeApi } from '../app.ts'
import { type Fetch, isWrongUsage, makeClient } from './client.ts'
import { makeSmallHub } from '../small-hub.ts'

const order = { kind: 'deploy', wish: { app: 'shop' }, why: 'ship it' }

async function makeWorld(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-client-'))
  const store = await openStore(dir)
  const stop = new AbortController()
  t.after(async () => {
    stop.abort()
    await store.close()
    await rm(dir, { recursive: true })
  })
  const hub = makeSmallHub(store, { now: () => 1_000, people: { ada: 'everything' } })
  const api = makeApi(hub.side, { now: () => 1_000, broke: () => assert.fail('a bug') })
  const { secret } = await store.tokens.create('ada', 'x', 0, null)
  const clientWith = (fetch: Fetch, token = secret) =>
    makeClient({ fetch, base: 'http://hub.test/', token, door: 'cli' })
  return { hub, fetch: (request: Request) => api.request(request), clientWith, signal: stop.signal, stop }
}

const clientTo = (base: string, fetch: Fetch = globalThis.fetch) =>
  makeClient({ fetch, base, token: 'tdm_x', door: 'api' })

async function troubleOf(asking: Promise<unknown>): Promise<Trouble> {
  const thrown: unknown = await asking.then(
    () => assert.fail('it should have been refused'),
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof TroubleError, String(thrown))
  return thrown.trouble
}

test('a client in the same process orders and reads over the very routes of the wire', async (t) => {
  const { clientWith, fetch, hub } = await makeWorld(t)
  const client = clientWith(fetch)
  const { id } = await client.call('POST /api/changes', { body: order })
  const { change } = await client.call('GET /api/changes/:id', { params: { id } })
  assert.deepEqual([change.id, change.who, change.door, change.why], ['c1', 'ada', 'cli', 'ship it'])
  const { changes } = await client.call('GET /api/changes', { query: { target: null, limit: 1 } })
  assert.equal(changes.length, 1)
  assert.equal(hub.orders.length, 1)
})

test('what the hub refuses is thrown as the trouble it told', async (t) => {
  const { clientWith, fetch } = await makeWorld(t)
  const unknown = clientWith(fetch).call('GET /api/changes/:id', { params: { id: 'c7' } })
  assert.equal((await troubleOf(unknown)).what, 'there is no change c7')
  const stranger = clientWith(fetch, 'tdm_wrong').call('GET /api/me')
  assert.match((await troubleOf(stranger)).now, /tandem login/)
})

test('wrong usage is told apart from failure', async (t) => {
  const { clientWith, fetch } = await makeWorld(t)
  const asked = [
    { ...order, kind: 'bake' },
    { ...order, why: 'x'.repeat(501) },
  ]
  for (const body of asked) {
    await assert.rejects(clientWith(fetch).call('POST /api/changes', { body }), isWrongUsage)
  }
  const missing = clientWith(fetch).call('GET /api/changes/:id', { params: { id: 'c7' } })
  await assert.rejects(missing, (thrown) => !isWrongUsage(thrown))
})

test('an id with strange letters stays one part of the path', async (t) => {
  const { clientWith } = await makeWorld(t)
  const asked: string[] = []
  const client = clientWith(async (request) => {
    asked.push(new URL(request.url).pathname)
    return Response.json({ ok: true })
  })
  await client.call('POST /api/changes/:id/stop', { params: { id: '../tokens' } })
  assert.deepEqual(asked, ['/api/changes/..%2Ftokens/stop'])
})

test('a hub that is not there is told apart by why it is not', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  await new Promise((resolve) => server.close(resolve))
  const refused = await troubleOf(clientTo(`http://127.0.0.1:${address.port}`).call('GET /api/me'))
  assert.match(refused.what, /no hub answers at http:\/\/127/)
  assert.match(refused.now, /tandem hub/)
  const failing = (code: string) =>
    clientTo('http://hub.test', () => {
      const cause = Object.assign(new Error(`deep ${code}`), { code })
      return Promise.reject(new TypeError('fetch failed', { cause }))
    })
  for (const [code, says] of [
    ['ENOTFOUND', /is not known/],
    ['UND_ERR_CONNECT_TIMEOUT', /did not answer in time/],
    ['CERT_HAS_EXPIRED', /certificate/],
    ['EPIPE', /cannot talk/],
  ] as const) {
    const trouble = await troubleOf(failing(code).call('GET /api/me'))
    assert.match(trouble.what, says)
    assert.equal(trouble.where, `deep ${code}`)
  }
})

test('what answers but is no hub of this age is said to be none', async () => {
  for (const answer of [
    () => new Response('<h1>It works!</h1>', { status: 200, headers: { 'content-type': 'text/html' } }),
    () => new Response('not found', { status: 404 }),
    () => Response.json({ error: 'nope' }, { status: 502 }),
    () => new Response(null, { status: 302, headers: { location: 'https://sso.test' } }),
  ]) {
    const trouble = await troubleOf(clientTo('http://hub.test', async () => answer()).call('GET /api/status'))
    assert.match(trouble.what, /not a tandem hub/)
  }
})

const query = (signal: AbortSignal, states: string[] = []) => ({
  after: 0,
  signal,
  onConnection: (state: string) => void states.push(state),
})

test('events go on after the last one seen when the connection breaks', async (t) => {
  const { clientWith, fetch, hub, signal } = await makeWorld(t)
  let opened = 0
  const breaking: Fetch = async (request) => {
    opened += 1
    const response = await fetch(request)
    assert.ok(response.body)
    return opened > 2 ? response : new Response(response.body.pipeThrough(cutAfter(2)))
  }
  const change = await hub.side.propose({ ...order, target: 't', who: 'ada', door: 'cli', reverts: null })
  const states: string[] = []
  const seqs: number[] = []
  for await (const event of clientWith(breaking).events(query(signal, states))) {
    assert.ok(event.type === 'entry')
    seqs.push(event.entry.seq)
    if (seqs.length === 4) break
    await hub.happen(change, [{ type: 'note', text: `${seqs.length}` }])
  }
  assert.deepEqual(seqs, [1, 2, 3, 4])
  assert.equal(opened, 3)
  assert.deepEqual(states, ['lost', 'back', 'lost', 'back'])
})

test('an event beside the changes is passed on, and not told again after a broken connection', async (t) => {
  const { clientWith, fetch, hub, signal } = await makeWorld(t)
  const breaking: Fetch = async (request) => {
    const response = await fetch(request)
    assert.ok(response.body)
    return new Response(response.body.pipeThrough(cutAfter(2)))
  }
  const told: unknown[] = []
  await hub.record('shop', { type: 'repo-made', who: 'ada' })
  for await (const event of clientWith(breaking).events(query(signal))) {
    assert.ok(event.type === 'aside')
    told.push([event.aside.seq, event.aside.type])
    if (told.length === 2) break
    await hub.record('shop', { type: 'released', who: 'ada', why: '' })
  }
  assert.deepEqual(told, [
    [1, 'repo-made'],
    [2, 'released'],
  ])
})

/** Breaks the stream after so many chunks, as a pulled cable does. */
function cutAfter(chunks: number): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0
  return new TransformStream({
    transform: (chunk, controller) => {
      seen += 1
      controller.enqueue(chunk)
      if (seen >= chunks) controller.error(new TypeError('terminated'))
    },
  })
}

test('a hub that says no, or is not there at first, ends the events at once', async (t) => {
  const { clientWith, fetch, signal } = await makeWorld(t)
  const refused = clientWith(fetch, 'tdm_wrong').events(query(signal))
  assert.match((await troubleOf(refused.next())).what, /nobody has this token/)
  const away = clientWith(() => Promise.reject(new TypeError('fetch failed'))).events(query(signal))
  assert.match((await troubleOf(away.next())).what, /cannot talk/)
})

test('events that are not wanted any more let go of the hub', async (t) => {
  const { clientWith, fetch, hub, signal, stop } = await makeWorld(t)
  const events = clientWith(fetch).events(query(signal))
  const next = events.next()
  while (hub.listeners() === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(hub.listeners(), 1)
  stop.abort()
  assert.deepEqual(await next, { done: true, value: undefined })
  assert.equal(hub.listeners(), 0)
})
