import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Happening } from '../../change/entry.ts'
import { Book } from '../../flags/book.ts'
import { flagSide } from '../../flags/flag-side.ts'
import { planMoves } from '../../flags/plan/parts.ts'
import type { Move } from '../../flags/step.ts'
import { thisProcess } from '../../store/holder.ts'
import { openStore } from '../../store/open.ts'
import type { Flag } from '../../../sdk/flag/flag.ts'
import { makeApi } from '../app.ts'
import { type Client, makeClient } from '../client/client.ts'
import type { HubSide } from '../hub-side.ts'
import { RefusedError } from '../refused.ts'
import { makeSmallHub } from '../small-hub.ts'

type Lab = Readonly<{
  side: HubSide
  as: (person: 'ada' | 'ivan') => Promise<Client>
  /** Writes down that a flag was made another. */
  alter: (move: Move) => Promise<void>
}>

async function open(t: TestContext): Promise<Lab> {
  const dir = await mkdtemp(join(tmpdir(), 'flag-routes-'))
  const store = await openStore(dir)
  t.after(async () => {
    await store.close()
    await rm(dir, { recursive: true })
  })
  const book = new Book(store)
  const flags = flagSide(
    {
      store,
      environments: async () => ['staging', 'production'],
      now: () => 0,
      sleep: async () => {},
      measure: async () => null,
      queryTrouble: async () => null,
    },
    book,
  )
  const hub = makeSmallHub(store, { now: () => 0, people: { ada: 'everything', ivan: 'look' } })
  const side = { ...hub.side, flags }
  const broke = (place: string, thrown: unknown) => {
    throw new Error(`a bug at ${place}`, { cause: thrown })
  }
  const api = makeApi(side, { now: () => 0, broke })
  return {
    side,
    as: async (person) => {
      const { secret } = await store.tokens.create(person, 'laptop', 0, null)
      return makeClient({
        fetch: (request) => api.request(request),
        base: 'http://hub.test',
        token: secret,
        door: 'cli',
      })
    },
    alter: async (move) => {
      const target = `flag:${move.key}@production`
      const order = {
        kind: 'flip',
        target,
        wish: {},
        who: 'ada',
        door: 'cli',
        why: '',
        reverts: null,
      } as const
      const change = await store.ledger.order(order, 0, thisProcess('hub'))
      const happenings: readonly Happening[] = [
        { type: 'leased', token: 1 },
        { type: 'planned', plan: planMoves('production', [move]) },
        { type: 'stage-started', stage: 'set' },
        { type: 'step-started', step: 'set' },
        { type: 'step-done', step: 'set', result: null },
        { type: 'stage-done', stage: 'set' },
        { type: 'decided', to: 'finish', why: '' },
        { type: 'finished' },
      ]
      await store.ledger.append(change, happenings, 0, null)
      await book.catchUp()
    },
  }
}

const checkout: Flag = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
  rules: [{ id: 'r1', when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'on' }],
}

const made = (key: string): Move => ({ what: 'flag', key, before: null, after: checkout })

const refused = (status: number) => (thrown: unknown) => {
  assert.ok(thrown instanceof RefusedError)
  assert.equal(thrown.status, status)
  return true
}

test('flags are shown with what names them and who made them so', async (t) => {
  const lab = await open(t)
  await lab.alter(made('shop/checkout'))
  const client = await lab.as('ivan')
  const all = await client.call('GET /api/flags')
  assert.equal(all.environment, 'production')
  assert.deepEqual(all.environments, ['staging', 'production'])
  assert.deepEqual(
    all.flags.map(({ key, change, who, flag }) => ({ key, change, who, flag })),
    [{ key: 'shop/checkout', change: 'c1', who: 'ada', flag: checkout }],
  )
  const one = await client.call('GET /api/flags/:key', { params: { key: 'shop/checkout' } })
  assert.deepEqual([one.flag, one.history, one.rolling], [all.flags[0], ['c1'], null])
  assert.deepEqual((await client.call('GET /api/flags', { query: { environment: 'staging' } })).flags, [])
  const nowhere = { query: { environment: 'nowhere' } }
  await assert.rejects(client.call('GET /api/flags', nowhere), refused(404))
  await assert.rejects(client.call('GET /api/flags/:key', { params: { key: 'other' } }), refused(404))
})

test('who may only look is told why somebody gets what', async (t) => {
  const lab = await open(t)
  await lab.alter(made('shop/checkout'))
  const client = await lab.as('ivan')
  const body = { environment: 'production', context: { targetingKey: 'u1', country: 'DE' } }
  const asking = { params: { key: 'shop/checkout' }, body }
  const { explanation } = await client.call('POST /api/flags/:key/explain', asking)
  assert.equal(explanation.resolution.rule, 'r1')
  assert.equal(explanation.lines[0], 'shop/checkout: on (true), TARGETING_MATCH')
})

test('keys are made and revoked by those who may change things, and shown once', async (t) => {
  const lab = await open(t)
  const [ada, ivan] = [await lab.as('ada'), await lab.as('ivan')]
  const body = { environment: 'production', kind: 'server', label: 'shop' }
  await assert.rejects(ivan.call('POST /api/flag-keys', { body }), refused(403))
  const { key, secret } = await ada.call('POST /api/flag-keys', { body })
  assert.equal((await lab.side.flags.keys.check(secret))?.id, key.id)
  const listed = await ivan.call('GET /api/flag-keys')
  assert.deepEqual(listed.keys, [key])
  assert.ok(!JSON.stringify(listed).includes(secret))
  await ada.call('DELETE /api/flag-keys/:id', { params: { id: key.id } })
  assert.equal(await lab.side.flags.keys.check(secret), null)
  await assert.rejects(ada.call('DELETE /api/flag-keys/:id', { params: { id: key.id } }), refused(404))
  await assert.rejects(
    ada.call('POST /api/flag-keys', { body: { ...body, environment: 'prod' } }),
    refused(404),
  )
})

test('flips that wait for their time are asked for, shown and taken back', async (t) => {
  const lab = await open(t)
  await lab.alter(made('checkout'))
  const [ada, ivan] = [await lab.as('ada'), await lab.as('ivan')]
  const wish = { do: 'switch', environment: 'production', flag: 'checkout', on: false }
  const body = { wish, due: 60_000, why: 'the sale ends' }
  await assert.rejects(ivan.call('POST /api/flag-schedules', { body }), refused(403))
  await assert.rejects(ada.call('POST /api/flag-schedules', { body: { ...body, due: 0 } }), refused(400))
  const { schedule } = await ada.call('POST /api/flag-schedules', { body })
  assert.deepEqual([schedule.who, schedule.target], ['ada', 'switch:checkout@production'])
  assert.deepEqual((await ivan.call('GET /api/flag-schedules')).schedules, [schedule])
  const params = { id: schedule.id }
  await ada.call('DELETE /api/flag-schedules/:id', { params })
  await assert.rejects(ada.call('DELETE /api/flag-schedules/:id', { params }), refused(404))
})

test('the event stream tells which flags altered, and no rule', async (t) => {
  const lab = await open(t)
  const client = await lab.as('ivan')
  const leave = new AbortController()
  const told: unknown[] = []
  const listening = (async () => {
    for await (const event of client.events({ after: null, signal: leave.signal, onConnection: () => {} }))
      if (event.type === 'flags' && told.push(event) === 1) leave.abort()
  })()
  while (told.length === 0) {
    await lab.alter(made(`flag-${Math.random()}`))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await listening
  const [first] = told as readonly Readonly<{
    environment: string
    changed: readonly string[]
    removed: readonly string[]
  }>[]
  assert.equal(first?.environment, 'production')
  assert.match(first?.changed[0] ?? '', /^flag-/)
  assert.deepEqual(first?.removed, [])
})
