import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import type { Asked } from '../../metrics/metrics-side.ts'
import { tryHub } from '../../hub/metrics/try-intake-hub.ts'
import { sessionCookie } from '../person/auth.ts'
import type { HubSide } from '../hub-side.ts'
import { makeSmallHub } from '../small-hub.ts'
import { openStore } from '../../store/open.ts'
import { queryDoor } from './query-door.ts'

const form = 'application/x-www-form-urlencoded'

/** Metrics that answer everything with what they were asked, or as they are told to. */
function echoing(answer?: (asked: Asked, signal?: AbortSignal) => Promise<void>): HubSide['metrics'] {
  const never = async (): Promise<never> => assert.fail('nobody asks this')
  return {
    take: never,
    write: never,
    ask: async (asked, signal) => {
      await answer?.(asked, signal)
      return { status: 200, contentType: 'application/json', body: Buffer.from(JSON.stringify(asked)) }
    },
    scrape: never,
    targets: never,
    top: never,
    snapshot: never,
    clean: never,
  }
}

/** A server that has nothing but this door: what the door leaves to others is answered with 599. */
async function doorAlone(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-query-door-'))
  const store = await openStore(dir)
  const { side } = makeSmallHub(store, { now: Date.now, people: { ada: 'everything', eve: 'look' } })
  const door = queryDoor({ ...side, metrics: echoing() }, { now: Date.now, broke: assert.fail })
  const server = createServer((request, response) =>
    door(request, response, () => response.writeHead(599).end()),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    server.close()
    await store.close()
    await rm(dir, { recursive: true })
  })
  const tokenOf = async (name: string) => (await store.tokens.create(name, 'x', Date.now(), null)).secret
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return { url: `http://127.0.0.1:${port}`, secret: await tokenOf('ada'), looking: await tokenOf('eve') }
}

test('plain questions are passed on as they came, whoever asks in whatever way', async (t) => {
  const hub = await doorAlone(t)
  const bearer = { authorization: `Bearer ${hub.secret}` }
  const basic = { authorization: `Basic ${Buffer.from(`any:${hub.looking}`).toString('base64')}` }
  const cookie = { cookie: `a=b; ${sessionCookie}=${hub.looking}` }
  const asked = async (path: string, init: RequestInit): Promise<unknown> => {
    const answer = await fetch(`${hub.url}/api/v1${path}`, init)
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/json'])
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    return answer.json()
  }
  const range = { route: 'query_range', name: '', params: 'query=up%7Ba%3D%22%2B%22%7D&start=1' }
  for (const headers of [bearer, basic, cookie])
    assert.deepEqual(await asked(`/query_range?${range.params}`, { headers }), range)
  const post = { method: 'POST', headers: { ...bearer, 'content-type': form }, body: 'query=up&start=1' }
  assert.deepEqual(await asked('/query_range?step=5', post), { ...range, params: 'query=up&start=1&step=5' })
  assert.deepEqual(await asked('/label/job/values', { headers: bearer }), {
    route: 'label_values',
    name: 'job',
    params: '',
  })
})

test('what is wrong with a request is said as the routes say it', async (t) => {
  const hub = await tryHub(t, echoing())
  const cases: readonly (readonly [string, RequestInit, number, string])[] = [
    ['/query', {}, 401, 'unauthorized'],
    ['/query', { headers: { authorization: 'Bearer nobody' } }, 401, 'unauthorized'],
    ['/query', { headers: { cookie: `${sessionCookie}=nobody` } }, 401, 'unauthorized'],
    [
      '/query',
      {
        method: 'POST',
        headers: { cookie: `${sessionCookie}=${hub.secret}`, 'content-type': form },
        body: '',
      },
      403,
      'forbidden',
    ],
    ['/nothing', { headers: { authorization: `Bearer ${hub.secret}` } }, 404, 'not_found'],
    ['/metadata', { method: 'POST', headers: { authorization: `Bearer ${hub.secret}` } }, 404, 'not_found'],
  ]
  for (const [path, init, status, errorType] of cases) {
    const answer = await fetch(`${hub.url}/api/v1${path}`, init)
    const said = (await answer.json()) as { status: string; errorType: string }
    assert.deepEqual([answer.status, said.status, said.errorType], [status, 'error', errorType])
  }
})

test('an engine that has died is told of', async (t) => {
  const died = { what: 'the engine has died', now: 'ask again' }
  const hub = await tryHub(
    t,
    echoing(async () => {
      throw new TroubleError(died)
    }),
  )
  const answer = await fetch(`${hub.url}/api/v1/query?query=1`, {
    headers: { authorization: `Bearer ${hub.secret}` },
  })
  assert.equal(answer.status, 503)
  assert.deepEqual(await answer.json(), {
    status: 'error',
    errorType: 'unavailable',
    error: 'the engine has died: ask again',
    trouble: died,
  })
})

test('the engine hears that whoever asked has left', async (t) => {
  const left = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const hub = await tryHub(
    t,
    echoing(async (_, signal) => {
      signal?.addEventListener('abort', () => left.resolve())
      asked.resolve()
      await left.promise
    }),
  )
  const request = httpRequest(`${hub.url}/api/v1/query?query=1`, {
    headers: { authorization: `Bearer ${hub.secret}` },
  })
  request.on('error', () => {})
  request.end()
  await asked.promise
  request.destroy()
  await left.promise
})
