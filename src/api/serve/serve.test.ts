import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { openStore } from '../../store/open.ts'
import { makeDoors } from '../doors.ts'
import { makeClient } from '../client/client.ts'
import { serve } from './serve.ts'
import { makeSmallHub } from '../small-hub.ts'

async function makeWorld(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-serve-'))
  const store = await openStore(dir)
  const webDir = join(dir, 'web')
  await mkdir(join(webDir, 'assets'), { recursive: true })
  await writeFile(join(webDir, 'index.html'), '<title>tandem</title>')
  await writeFile(join(webDir, 'assets', 'index-abc123.js'), 'export {}')
  await writeFile(join(dir, 'secret.txt'), 'not for you')
  const hub = makeSmallHub(store, { now: () => 1_000, people: { ada: 'everything' } })
  const doors = makeDoors(hub.side, { now: () => 1_000, broke: () => assert.fail('a bug') })
  const serving = await serve(doors, { host: '127.0.0.1', port: 0, webDir })
  const { secret } = await store.tokens.create('ada', 'x', 0, null)
  t.after(async () => {
    await serving.stop()
    await store.close()
    await rm(dir, { recursive: true })
  })
  return { hub, doors, serving, secret, webDir }
}

const pages: readonly (readonly [path: string, status: number, type: RegExp, caching: RegExp])[] = [
  ['/', 200, /text\/html/, /no-cache/],
  ['/changes/c12', 200, /text\/html/, /no-cache/],
  ['/assets/index-abc123.js', 200, /text\/javascript/, /immutable/],
  ['/assets/index-old.js', 404, /text\/plain/, /^$/],
  ['/..%2fsecret.txt', 404, /text\/plain/, /^$/],
  ['/assets/..%2f..%2fsecret.txt', 404, /text\/plain/, /^$/],
  ['/%00', 200, /text\/html/, /no-cache/],
  ['/api/version', 200, /application\/json/, /no-store/],
  ['/api/me', 401, /application\/json/, /no-store/],
]

test('it serves the dashboard, its pages and the API, and nothing else', async (t) => {
  const { serving } = await makeWorld(t)
  for (const [path, status, type, caching] of pages) {
    const response = await fetch(serving.url + path)
    assert.equal(response.status, status, path)
    assert.match(response.headers.get('content-type') ?? '', type, path)
    assert.match(response.headers.get('cache-control') ?? '', caching, path)
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'self'/, path)
    assert.doesNotMatch(await response.text(), /not for you/, path)
  }
})

test('a page that the browser has already is not sent again', async (t) => {
  const { serving } = await makeWorld(t)
  const first = await fetch(serving.url)
  const etag = first.headers.get('etag') ?? ''
  assert.notEqual(etag, '')
  const again = await fetch(serving.url, { headers: { 'if-none-match': etag } })
  assert.equal(again.status, 304)
})

test('a dashboard that was not built says how to build it', async (t) => {
  const { serving, webDir } = await makeWorld(t)
  await rm(webDir, { recursive: true })
  const response = await fetch(serving.url)
  assert.equal(response.status, 503)
  assert.match(await response.text(), /vite build/)
})

test('the client follows events over the network and is let go when the hub stops', async (t) => {
  const { serving, secret, hub } = await makeWorld(t)
  const client = makeClient({ fetch, base: serving.url, token: secret, door: 'cli' })
  const wish = { kind: 'deploy', wish: {}, why: '' }
  const { id } = await client.call('POST /api/changes', { body: wish })
  const stop = new AbortController()
  const states: string[] = []
  const events = client.events({
    after: 0,
    signal: stop.signal,
    onConnection: (state) => {
      states.push(state)
      stop.abort()
    },
  })
  const first = await events.next()
  assert.ok(first.value?.type === 'entry')
  assert.equal(first.value.entry.change, id)
  const last = events.next()
  await serving.stop()
  assert.equal((await last).done, true)
  assert.deepEqual(states, ['lost'])
  for (let i = 0; i < 100 && hub.listeners() > 0; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(hub.listeners(), 0)
})

test('a port that was asked for and is taken is refused; one that was not is passed by', async (t) => {
  const { doors, webDir, serving } = await makeWorld(t)
  const taken = serving.port
  await assert.rejects(serve(doors, { host: '127.0.0.1', port: taken, webDir }), (thrown) => {
    assert.ok(thrown instanceof TroubleError)
    assert.match(thrown.trouble.now, /--port/)
    return true
  })
  const blocker = createServer()
  await new Promise<void>((resolve) => {
    // Taken by us or by somebody else: both serve.
    blocker.once('error', () => resolve())
    blocker.listen(7700, '127.0.0.1', resolve)
  })
  const other = await serve(doors, { host: '127.0.0.1', port: null, webDir })
  await other.stop()
  blocker.close()
  assert.ok(other.port > 7700 && other.port <= 7720, String(other.port))
})

test('an address for everybody is shown as one that can be opened', async (t) => {
  const { doors, webDir } = await makeWorld(t)
  const serving = await serve(doors, { host: '0.0.0.0', port: 0, webDir })
  await serving.stop()
  assert.equal(serving.url, `http://localhost:${serving.port}`)
})
