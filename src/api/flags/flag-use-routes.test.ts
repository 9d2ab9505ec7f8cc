import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { openStore } from '../../store/open.ts'
import { makeApi } from '../app.ts'
import { makeSmallHub } from '../small-hub.ts'
import type { HubSide } from '../hub-side.ts'

const reach = { sample: 10, seen: 12, variants: { on: 4, off: 6 }, rules: { r1: 4 } }

async function open(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'flag-use-routes-'))
  const store = await openStore(dir)
  t.after(async () => {
    await store.close()
    rmSync(dir, { recursive: true })
  })
  const { side } = makeSmallHub(store, { now: Date.now, people: { ada: 'look' } })
  const known: HubSide = {
    ...side,
    flags: {
      ...side.flags,
      of: async () => ({ flag: (key: string) => (key === 'a' ? { flag: {} } : null) }) as never,
    },
    flagUse: {
      ...side.flagUse,
      of: async (environment) => ({ environment, since: 1, bulkAt: null, flags: [] }),
      reach: async (_environment, _key, flag) => {
        if (flag !== null && typeof flag === 'object') return reach
        throw new TroubleError({ what: 'this is no flag', now: 'mend it' })
      },
    },
  }
  const api = makeApi(known, { now: Date.now, broke: (_, thrown) => assert.fail(String(thrown)) })
  const { secret } = await store.tokens.create('ada', 'test', Date.now(), null)
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
  return async (path: string, body?: unknown) => {
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const answer = await api.request(`/api/flag-use${path}`, { headers, ...sent })
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
  }
}

test('people who may only look see how flags are used, and whom an edit would reach', async (t) => {
  const call = await open(t)
  assert.deepEqual((await call('?environment=staging')).json, {
    environment: 'staging',
    since: 1,
    bulkAt: null,
    flags: [],
  })
  const asked = { environment: 'production', flag: {} }
  assert.deepEqual((await call('/a/reach', asked)).json, {
    environment: 'production',
    now: reach,
    wanted: reach,
  })
  assert.deepEqual((await call('/new/reach', asked)).json, {
    environment: 'production',
    now: null,
    wanted: reach,
  })
})

test('what is no flag is refused with what is wrong', async (t) => {
  const call = await open(t)
  const { status, json } = await call('/new/reach', { environment: 'production', flag: 7 })
  assert.deepEqual([status, json['trouble']], [400, { what: 'this is no flag', now: 'mend it' }])
})
