import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Hono } from 'hono'
import { samplePlan } from '../change/samples.ts'
import { TroubleError } from '../change/trouble.ts'
import { openStore } from '../store/open.ts'
import { makeApi } from './app.ts'
import { makeSmallHub, type SmallHub } from './small-hub.ts'
import type { Routes } from './wire/wire.ts'

type World = Readonly<{
  api: Hono
  hub: SmallHub
  clock: { at: number }
  token: (person: string, days?: number) => Promise<string>
}>

const noBugs = (place: string, thrown: unknown) => {
  throw new Error(`a bug at ${place}`, { cause: thrown })
}

const noon = Date.UTC(2026, 10, 23, 12)

async function makeWorld(t: TestContext): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-api-'))
  const store = await openStore(dir)
  t.after(async () => {
    await store.close()
    await rm(dir, { recursive: true })
  })
  const clock = { at: noon }
  const people = { ada: 'everything', ivan: 'look', gone: 'everything' } as const
  const known: Record<string, 'everything' | 'look'> = { ...people }
  const hub = makeSmallHub(store, { now: () => clock.at, people: known })
  return {
    api: makeApi(hub.side, { now: () => clock.at, broke: noBugs }),
    hub,
    clock,
    token: async (person, days) => {
      const until = days === undefined ? null : clock.at + days * 86_400_000
      const { secret } = await store.tokens.create(person, 'laptop', clock.at, until)
      if (person === 'gone') delete known['gone']
      return secret
    },
  }
}

type Call = Readonly<{ token?: string; body?: unknown; headers?: Readonly<Record<string, string>> }>

async function call(world: World, route: string, { token, body, headers }: Call = {}) {
  const [method = '', path = ''] = route.split(' ')
  const response = await world.api.request(path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = response.headers.get('content-type')?.startsWith('text/event-stream')
    ? (await response.body?.cancel(), '{}')
    : await response.text()
  return { status: response.status, headers: response.headers, json: JSON.parse(text) }
}

const order = { kind: 'deploy', wish: { app: 'shop', ref: 'main' }, why: 'ship it' }
const revert = { change: 'c1', target: null, why: 'it hurts' }
const newToken = { person: 'ivan', label: 'phone', days: 30 }

/** Every route of the wire with a body it takes; the type makes sure that none is forgotten. */
const bodies: Readonly<Record<keyof Routes, unknown>> = {
  'GET /api/version': undefined,
  'GET /api/me': undefined,
  'POST /api/session': { token: 'tdm_no' },
  'DELETE /api/session': undefined,
  'GET /api/status': undefined,
  'GET /api/changes': undefined,
  'GET /api/changes/:id': undefined,
  'GET /api/changes/:id/log': undefined,
  'POST /api/changes': order,
  'POST /api/plans': order,
  'POST /api/drift': { on: [] },
  'GET /api/drift': undefined,
  'POST /api/facts': { on: ['web'] },
  'POST /api/programs': { on: [] },
  'POST /api/reverts': revert,
  'POST /api/reverts/plan': revert,
  'POST /api/changes/:id/stop': undefined,
  'POST /api/changes/:id/overrule': { why: 'the alert is wrong' },
  'GET /api/verify': undefined,
  'GET /api/tokens': undefined,
  'POST /api/tokens': newToken,
  'DELETE /api/tokens/:id': undefined,
}
const routes = [...Object.entries(bodies), ['GET /api/events', undefined] as const]
const pathOf = (route: string) => route.replace(':id', 'c1')

test('every route but the version refuses a request without a token', async (t) => {
  const world = await makeWorld(t)
  for (const [route, body] of routes) {
    const { status, json } = await call(world, pathOf(route), { body })
    assert.equal(status, route === 'GET /api/version' ? 200 : 401, route)
    if (status === 401) assert.match(json.trouble.now, /tandem token new/, route)
  }
})

test('a path that no route has is refused without a token too, and named with one', async (t) => {
  const world = await makeWorld(t)
  assert.equal((await call(world, 'GET /api/nothing')).status, 401)
  const { status, json } = await call(world, 'GET /api/nothing', { token: await world.token('ada') })
  assert.equal(status, 404)
  assert.match(json.trouble.what, /has no GET \/api\/nothing/)
})

test('who may do everything reaches every route of the wire', async (t) => {
  const world = await makeWorld(t)
  const token = await world.token('ada')
  await world.hub.side.propose(await deployOrder())
  for (const [route, body] of routes) {
    if (route === 'POST /api/session' || route === 'DELETE /api/tokens/:id') continue
    const { status, json } = await call(world, pathOf(route), { token, body })
    assert.equal(status, 200, `${route} ${JSON.stringify(json)}`)
  }
})

const deployOrder = async () =>
  ({ ...order, target: 'shop@production', who: 'ada', door: 'cli', reverts: null }) as const

/** They are sent by POST because of what they carry, and change nothing. */
const looks = new Set([
  'POST /api/plans',
  'POST /api/reverts/plan',
  'POST /api/drift',
  'POST /api/facts',
  'POST /api/programs',
])

test('who may only look reads everything and changes nothing', async (t) => {
  const world = await makeWorld(t)
  const token = await world.token('ivan')
  await world.hub.side.propose(await deployOrder())
  for (const [route, body] of routes) {
    if (route.endsWith('/api/session')) continue
    const { status } = await call(world, pathOf(route), { token, body })
    assert.equal(status, route.startsWith('GET ') || looks.has(route) ? 200 : 403, route)
  }
  assert.equal(world.hub.orders.length, 1)
})

test('an expired, a revoked and a made-up token are all refused with 401', async (t) => {
  const world = await makeWorld(t)
  const short = await world.token('ada', 1)
  const revoked = await world.token('ada')
  const tokens = await world.hub.side.store.tokens.list()
  for (const { id, expiresAt } of tokens) if (expiresAt === null) await world.hub.side.store.tokens.revoke(id)
  assert.equal((await call(world, 'GET /api/me', { token: short })).status, 200)
  world.clock.at += 86_400_001
  const expired = await call(world, 'GET /api/me', { token: short })
  assert.equal(expired.status, 401)
  assert.equal(expired.json.trouble.what, 'this token has expired: it was good until 2026-11-24 12:00 UTC')
  assert.match(expired.json.trouble.now, /tandem token new/)
  assert.equal((await call(world, 'GET /api/me', { token: revoked })).status, 401)
  assert.equal((await call(world, 'GET /api/me', { token: 'tdm_made-up' })).status, 401)
})

test('a token of somebody who left the team is refused with 403', async (t) => {
  const world = await makeWorld(t)
  const { status, json } = await call(world, 'GET /api/me', { token: await world.token('gone') })
  assert.equal(status, 403)
  assert.match(json.trouble.what, /gone is not of the team/)
})

test('an order says who gave it, by which door, and why', async (t) => {
  const world = await makeWorld(t)
  const token = await world.token('ada')
  await call(world, 'POST /api/changes', { token, body: order, headers: { 'x-tandem-door': 'cli' } })
  await call(world, 'POST /api/changes', { token, body: order, headers: { 'x-tandem-door': 'guard' } })
  const said = world.hub.orders.map(({ who, door, why }) => `${who} ${door} ${why}`)
  assert.deepEqual(said, ['ada cli ship it', 'ada api ship it'])
})

test('a plan and a revert plan show what would be done and order nothing', async (t) => {
  const world = await makeWorld(t)
  const token = await world.token('ada')
  await world.hub.side.propose(await deployOrder())
  const plan = await call(world, 'POST /api/plans', { token, body: order })
  assert.deepEqual(plan.json, { plan: samplePlan, target: 'shop@production' })
  const reverted = await call(world, 'POST /api/reverts/plan', { token, body: revert })
  assert.deepEqual(reverted.json, { plan: samplePlan, target: 'shop@production', reverts: 'c1' })
  assert.equal(world.hub.orders.length, 1)
})

const wrongBodies: readonly (readonly [name: string, body: unknown, says: RegExp])[] = [
  ['no JSON', '{', /not JSON/],
  ['an unknown key', { ...order, force: true }, /force/],
  ['no kind', { wish: {}, why: '' }, /kind/],
  ['no wish', { kind: 'deploy', why: '' }, /wish/],
  ['a wish too deep', { ...order, wish: JSON.parse('['.repeat(140) + ']'.repeat(140)) }, /levels deep/],
  ['a why that is too long', { ...order, why: 'x'.repeat(501) }, /why/],
  ['a why of two lines', { ...order, why: 'a\nb' }, /one line/],
  ['an unknown kind of change', { ...order, kind: 'bake' }, /bake/],
  ['too many bytes', { ...order, wish: 'x'.repeat(1_100_000) }, /1048576 bytes/],
]

test('a body that is not what a route takes is wrong usage, and says what is wrong', async (t) => {
  const world = await makeWorld(t)
  const token = await world.token('ada')
  for (const [name, body, says] of wrongBodies) {
    const { status, json } = await call(world, 'POST /api/changes', { token, body })
    assert.equal(status, 400, name)
    assert.match(json.trouble.what, says, name)
    assert.notEqual(json.trouble.now, '', name)
  }
  assert.equal(world.hub.orders.length, 0)
})

test('a body that a form of another page could send is refused', async (t) => {
  const world = await makeWorld(t)
  const headers = { 'content-type': 'text/plain' }
  const token = await world.token('ada')
  const { status } = await call(world, 'POST /api/changes', { token, body: JSON.stringify(order), headers })
  assert.equal(status, 400)
})

test('a query that is not what a route takes is wrong usage', async (t) => {
  const world = await makeWorld(t)
  const token = await world.token('ada')
  for (const query of ['limit=0', 'limit=9999', 'before=12', 'colour=red', 'limit=ten']) {
    assert.equal((await call(world, `GET /api/changes?${query}`, { token })).status, 400, query)
  }
  assert.equal((await call(world, 'GET /api/events?after=-1', { token })).status, 400)
})

test('a change that is not there is 404, however strange its name', async (t) => {
  const world = await makeWorld(t)
  const token = await world.token('ada')
  for (const id of ['c9', 'x', 'c1%27--', '..%2f..', 'c0']) {
    assert.equal((await call(world, `GET /api/changes/${id}`, { token })).status, 404, id)
    assert.equal((await call(world, `POST /api/changes/${id}/stop`, { token })).status, 404, id)
  }
  const body = { ...revert, change: 'c9' }
  assert.equal((await call(world, 'POST /api/reverts', { token, body })).status, 404)
})

test('what cannot be done now is a conflict', async (t) => {
  const world = await makeWorld(t)
  const token = await world.token('ada')
  const body = { change: null, target: null, why: '' }
  const { status, json } = await call(world, 'POST /api/reverts', { token, body })
  assert.equal(status, 409)
  assert.equal(json.trouble.what, 'nothing to revert')
})

test('a mistake in tandem.ts is told by every route that reads it, and is not called a fault of the hub', async (t) => {
  const world = await makeWorld(t)
  const token = await world.token('ada')
  await world.hub.side.propose(await deployOrder())
  const trouble = { what: 'apps.shop.prot is not known', where: 'tandem.ts:4:5', now: "did you mean 'port'?" }
  const broken = () => Promise.reject(new TroubleError(trouble))
  const whole = { ...world.hub.side, status: broken, plan: broken, accept: broken, revertOf: broken }
  const later = { ...world.hub.side, status: broken, plan: broken }
  for (const [side, route, expected] of [
    [whole, 'GET /api/status', 409],
    [whole, 'POST /api/changes', 400],
    [whole, 'POST /api/plans', 400],
    [whole, 'POST /api/reverts', 409],
    [later, 'POST /api/plans', 409],
    [later, 'POST /api/reverts/plan', 409],
  ] as const) {
    const api = makeApi(side, { now: () => noon, broke: noBugs })
    const { status, json } = await call({ ...world, api }, route, { token, body: bodies[route] })
    assert.equal(status, expected, route)
    assert.deepEqual(json.trouble, trouble, route)
  }
})

test('changes come newest first, in pages, of one target or all', async (t) => {
  const world = await makeWorld(t)
  const token = await world.token('ada')
  for (let i = 0; i < 3; i += 1) await world.hub.side.propose(await deployOrder())
  const ids = async (query: string) =>
    (await call(world, `GET /api/changes?${query}`, { token })).json.changes.map(
      (one: { id: string }) => one.id,
    )
  assert.deepEqual(await ids(''), ['c3', 'c2', 'c1'])
  assert.deepEqual(await ids('limit=2'), ['c3', 'c2'])
  assert.deepEqual(await ids('before=c2'), ['c1'])
  assert.deepEqual(await ids('target=other@production'), [])
})

test('tokens are made for people of the team only, shown once, and can be revoked', async (t) => {
  const world = await makeWorld(t)
  const token = await world.token('ada')
  const made = await call(world, 'POST /api/tokens', { token, body: newToken })
  const theirs = made.json.secret
  assert.equal((await call(world, 'GET /api/me', { token: theirs })).json.name, 'ivan')
  const own = await call(world, 'GET /api/tokens', { token: theirs })
  assert.deepEqual(
    own.json.tokens.map((one: { label: string }) => one.label),
    ['phone'],
  )
  assert.doesNotMatch(JSON.stringify(own.json), new RegExp(theirs))
  const stranger = { ...newToken, person: 'eve' }
  assert.equal((await call(world, 'POST /api/tokens', { token, body: stranger })).status, 404)
  assert.equal((await call(world, `DELETE /api/tokens/${made.json.token.id}`, { token })).status, 200)
  assert.equal((await call(world, `DELETE /api/tokens/${made.json.token.id}`, { token })).status, 404)
  assert.equal((await call(world, 'GET /api/me', { token: theirs })).status, 401)
})

test('every answer forbids a browser to frame, sniff or keep it', async (t) => {
  const world = await makeWorld(t)
  for (const route of ['GET /api/version', 'GET /api/me', 'GET /api/nothing']) {
    const { headers } = await call(world, route)
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'self'.*frame-ancestors 'none'/)
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('cache-control'), 'no-store')
  }
})

test('a bug inside answers 500, admits to be one, and is reported', async (t) => {
  const world = await makeWorld(t)
  const bugs: string[] = []
  const side = { ...world.hub.side, status: () => Promise.reject(new Error('oops')) }
  const api = makeApi(side, { now: () => noon, broke: (place) => bugs.push(place) })
  const token = await world.token('ada')
  const { status, json } = await call({ ...world, api }, 'GET /api/status', { token })
  assert.equal(status, 500)
  assert.match(json.trouble.what, /a bug in tandem: oops/)
  assert.deepEqual(bugs, ['GET /api/status'])
})
