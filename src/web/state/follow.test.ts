import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StatusView } from '../../api/wire/wire.ts'
import { type Api, makeApi } from '../api.ts'
import { aChange, anEntry } from '../dev-hub/sample.ts'
import { follow } from './follow.ts'
import { emptyModel } from './model.ts'
import { makeStore } from './store.ts'

/** An event source in the hands of a test. */
class HandSource extends EventTarget {
  isClosed = false
  close() {
    this.isClosed = true
  }
  say(type: string, message: unknown) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(message) }))
  }
}

function world(entries: number, wish: Readonly<{ isWrittenWrong?: boolean }> = {}) {
  const asked: string[] = []
  const opened: string[] = []
  const sources: HandSource[] = []
  const hub = { entries, reloads: 0, status: 200, isWrittenWrong: false, ...wish }
  const view: Omit<StatusView, 'hub'> = { apps: [], hosts: [], lines: [] }
  const answer = (path: string): unknown => {
    if (path === '/api/status') return { ...view, hub: { entries: hub.entries, project: 'acme' } }
    if (path === '/api/repos') return { repos: [] }
    if (path === '/api/changes/c1') return { change: aChange(), entries: [anEntry(5, { type: 'finished' })] }
    if (path.startsWith('/api/changes')) return { changes: [aChange()] }
    return { name: 'ada', may: 'everything' }
  }
  const api: Api = makeApi(((path: string) => {
    asked.push(path)
    if (hub.status === 0) return Promise.reject(new TypeError('fetch failed'))
    const status = hub.isWrittenWrong && path === '/api/status' ? 400 : hub.status
    const body = status === 200 ? answer(path) : { trouble: { what: 'no', now: 'mend it' } }
    return Promise.resolve(Response.json(body, { status }))
  }) as typeof fetch)
  const store = makeStore(emptyModel)
  const open = (address: string) => {
    opened.push(address)
    const source = new HandSource()
    sources.push(source)
    return source as unknown as EventSource
  }
  const online = new EventTarget()
  const onOnline = (listener: () => void) => {
    online.addEventListener('online', listener)
    return () => online.removeEventListener('online', listener)
  }
  const following = follow({
    onOnline,
    api,
    store,
    open,
    firstWaitMs: 20,
    silenceMs: 300,
    reload: () => void (hub.reloads += 1),
  })
  return { asked, opened, sources, hub, online, store, stop: following.stop }
}

test('the stream begins where the status left off, so nothing falls between', async (t) => {
  const { opened, sources, store, stop } = world(7)
  t.after(stop)
  await sleep(10)
  assert.deepEqual(opened, ['/api/events?after=7'])
  sources[0]?.dispatchEvent(new Event('open'))
  sources[0]?.say('entry', {
    type: 'entry',
    entry: anEntry(8, { type: 'finished' }),
    change: aChange({ status: 'done' }),
  })
  assert.equal(store.read().hearing, 'live')
  assert.equal(store.read().changes.get('c1')?.status, 'done')
})

test('a lost stream is said to be lost and opened again after the last entry heard', async (t) => {
  const { opened, sources, store, hub, stop } = world(7)
  t.after(stop)
  await sleep(10)
  sources[0]?.say('entry', { type: 'entry', entry: anEntry(8, { type: 'finished' }), change: aChange() })
  hub.entries = 8
  sources[0]?.dispatchEvent(new Event('error'))
  await sleep(10)
  assert.equal(store.read().hearing, 'lost')
  assert.equal(sources[0]?.isClosed, true)
  await sleep(60)
  assert.equal(opened.at(-1), '/api/events?after=8')
})

test('entries that the hub left out make the page fetch its list again', async (t) => {
  const { asked, sources, stop } = world(7)
  t.after(stop)
  await sleep(10)
  const before = asked.filter((path) => path.startsWith('/api/changes?')).length
  sources[0]?.say('entry', { type: 'entry', entry: anEntry(2_000, { type: 'finished' }), change: aChange() })
  await sleep(10)
  assert.equal(asked.filter((path) => path.startsWith('/api/changes?')).length, before + 1)
})

test('what happens beside the changes moves the place from which a lost stream goes on', async (t) => {
  const { asked, opened, sources, stop } = world(7)
  t.after(stop)
  await sleep(10)
  const before = asked.length
  sources[0]?.say('aside', { type: 'aside', aside: { type: 'repo-made', seq: 8, about: 'shop' } })
  sources[0]?.say('entry', {
    type: 'entry',
    entry: anEntry(9, { type: 'note', text: '' }),
    change: aChange(),
  })
  await sleep(10)
  assert.equal(asked.length, before)
  sources[0]?.dispatchEvent(new Event('error'))
  await sleep(80)
  assert.equal(opened.at(-1), '/api/events?after=9')
})

test('runs and what happens beside the changes are heard, and the repositories looked at again', async (t) => {
  const { asked, sources, store, stop } = world(7)
  t.after(stop)
  await sleep(10)
  const run = { id: 'r1', repo: 'shop', jobs: [], outcome: 'passed', endedAt: 5 }
  sources[0]?.say('run', { type: 'run', run })
  sources[0]?.say('aside', {
    type: 'aside',
    aside: { type: 'repo-made', seq: 8, change: null, about: 'shop' },
  })
  assert.equal(store.read().runs.get('r1')?.outcome, 'passed')
  assert.equal(store.read().said, 'r1 shop: passed')
  assert.equal(store.read().seq, 8)
  assert.equal(store.read().asides.length, 1)
  const before = asked.filter((path) => path === '/api/repos').length
  await sleep(1_050)
  assert.equal(asked.filter((path) => path === '/api/repos').length, before + 1)
})

test('a session that ended ends the following', async (t) => {
  const { opened, sources, store, hub, stop } = world(7)
  t.after(stop)
  await sleep(10)
  hub.status = 401
  sources[0]?.dispatchEvent(new Event('error'))
  await sleep(10)
  assert.equal(store.read().session, 'out')
  await sleep(60)
  assert.equal(opened.length, 1)
})

test('a ledger that became shorter is another hub, and the page begins anew', async (t) => {
  const { sources, hub, stop } = world(7)
  t.after(stop)
  await sleep(10)
  hub.entries = 3
  sources[0]?.dispatchEvent(new Event('error'))
  await sleep(60)
  assert.equal(hub.reloads, 1)
})

test('a stream that has fallen silent is opened again, one that pings is not', async (t) => {
  const { opened, sources, stop } = world(7)
  t.after(stop)
  await sleep(10)
  for (let pings = 0; pings < 4; pings += 1) {
    await sleep(100)
    sources[0]?.say('ping', {})
  }
  assert.equal(opened.length, 1)
  await sleep(400)
  assert.equal(opened.length, 2)
})

test('a project that is written wrong still shows its changes, and says what is wrong until it is mended', async (t) => {
  const { opened, sources, store, hub, stop } = world(7, { isWrittenWrong: true })
  t.after(stop)
  await sleep(20)
  assert.deepEqual(opened, ['/api/events?after=5'])
  assert.equal(store.read().changes.size, 1)
  assert.equal(store.read().statusTrouble?.now, 'mend it')
  hub.isWrittenWrong = false
  sources[0]?.say('entry', { type: 'entry', entry: anEntry(6, { type: 'finished' }), change: aChange() })
  await sleep(450)
  assert.equal(store.read().statusTrouble, null)
})

test('when the network is back the stream is opened at once, and only once', async (t) => {
  const { opened, sources, online, hub, stop } = world(7)
  t.after(stop)
  await sleep(10)
  hub.status = 0
  sources[0]?.dispatchEvent(new Event('error'))
  await sleep(100)
  hub.status = 200
  online.dispatchEvent(new Event('online'))
  online.dispatchEvent(new Event('online'))
  await sleep(10)
  assert.equal(opened.length, 2)
  sources[1]?.dispatchEvent(new Event('open'))
  online.dispatchEvent(new Event('online'))
  await sleep(150)
  assert.equal(opened.length, 2)
})
