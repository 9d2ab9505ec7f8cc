import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { writeKeys } from '../../metrics/write-keys.ts'
import { openStore } from '../../store/open.ts'
import { makeApi } from '../app.ts'
import { makeClient } from '../client/client.ts'
import { RefusedError } from '../refused.ts'
import { makeSmallHub } from '../small-hub.ts'

test('keys of senders are made and revoked by those who may change things, and shown once', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'metric-routes-'))
  const store = await openStore(dir)
  t.after(async () => {
    await store.close()
    await rm(dir, { recursive: true })
  })
  const hub = makeSmallHub(store, { now: () => 0, people: { ada: 'everything', ivan: 'look' } })
  const keys = writeKeys(store, () => 0)
  const broke = (place: string, thrown: unknown) => {
    throw new Error(`a bug at ${place}`, { cause: thrown })
  }
  const api = makeApi({ ...hub.side, writeKeys: keys }, { now: () => 0, broke })
  const as = async (person: string) => {
    const { secret } = await store.tokens.create(person, 'laptop', 0, null)
    return makeClient({
      fetch: (request) => api.request(request),
      base: 'http://hub',
      token: secret,
      door: 'api',
    })
  }
  const [ada, ivan] = [await as('ada'), await as('ivan')]
  const refused = (status: number) => (thrown: unknown) =>
    thrown instanceof RefusedError && thrown.status === status
  const body = { name: 'web1' }
  await assert.rejects(ivan.call('POST /api/metric-keys', { body }), refused(403))
  await assert.rejects(ada.call('POST /api/metric-keys', { body: { name: '' } }), refused(400))
  const { key, secret } = await ada.call('POST /api/metric-keys', { body })
  assert.deepEqual([key.name, key.who], ['web1', 'ada'])
  const listed = await ivan.call('GET /api/metric-keys')
  assert.deepEqual(listed.keys, [key])
  assert.ok(!JSON.stringify(listed).includes(secret))
  // It asks for nothing.
  const asked = await api.request('/api/v1/query?query=1', { headers: { authorization: `Bearer ${secret}` } })
  assert.equal(asked.status, 401)
  await ada.call('DELETE /api/metric-keys/:id', { params: { id: key.id } })
  assert.equal(await keys.check(secret), null)
  await assert.rejects(ada.call('DELETE /api/metric-keys/:id', { params: { id: key.id } }), refused(404))
})
