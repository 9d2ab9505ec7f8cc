import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sampleOrder, samplePlan } from '../../change/samples.ts'
import { openStore } from '../../store/open.ts'
import { makeApi } from '../app.ts'
import { makeSmallHub } from '../small-hub.ts'
import type { MarkRoutes } from '../wire/marks.ts'

const noon = Date.UTC(2026, 10, 23, 12)

async function makeWorld(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-marks-'))
  const store = await openStore(dir)
  t.after(async () => {
    await store.close()
    await rm(dir, { recursive: true })
  })
  const hub = makeSmallHub(store, { now: () => noon, people: { ada: 'everything', ivan: 'look' } })
  const broke = (place: string, cause: unknown) => {
    throw new Error(`a bug at ${place}`, { cause })
  }
  const api = makeApi(hub.side, { now: () => noon, broke })
  const ask = async (route: string, body?: string, person = 'ada') => {
    const [method = '', path = ''] = route.split(' ')
    const { secret } = await store.tokens.create(person, 'test', noon, null)
    const headers = { authorization: `Bearer ${secret}` }
    const response = await api.request(path, { method, headers, ...(body === undefined ? {} : { body }) })
    return { status: response.status, json: JSON.parse(await response.text()) }
  }
  const marks = async (): Promise<MarkRoutes['GET /api/marks']> =>
    (await ask(`GET /api/marks?from=0&to=${noon + 1}`)).json
  return { hub, store, ask, marks }
}

test('a change is marked with who wanted what and why, and how it stands', async (t) => {
  const { hub, marks } = await makeWorld(t)
  const id = await hub.side.propose({ ...sampleOrder, wish: { do: 'recipes' } })
  await hub.happen(id, [
    { type: 'leased', token: 1 },
    { type: 'planned', plan: samplePlan },
    { type: 'stage-started', stage: 'canary' },
  ])
  const { kind, target, who, door, why, reverts } = sampleOrder
  const mark = { type: 'change', id, kind, does: 'recipes', target, title: samplePlan.title, who, door, why }
  const times = { orderedAt: noon, startedAt: noon, endedAt: null }
  assert.deepEqual(await marks(), {
    marks: [{ ...mark, status: 'running', reverts, revertedBy: null, ...times }],
    isCut: false,
    seq: 4,
  })
})

test('marks of Grafana and Graphite are taken as their clients send them', async (t) => {
  const { ask, marks } = await makeWorld(t)
  const grafana = {
    dashboardUID: 'x',
    panelId: 2,
    time: noon - 60_000,
    timeEnd: noon,
    tags: ['db'],
    text: 'backup\nof all',
  }
  assert.equal((await ask('POST /api/annotations', JSON.stringify(grafana))).json.message, 'Annotation added')
  const graphite = { what: 'restart', tags: 'db, night', when: noon / 1_000 - 90, data: 'by cron' }
  for (const path of ['annotations/graphite', 'events', 'events/'])
    assert.equal((await ask(`POST /api/${path}`, JSON.stringify(graphite))).status, 200, path)
  const [backup, restart, ...others] = (await marks()).marks
  assert.deepEqual(backup, {
    type: 'other',
    seq: 1,
    sender: 'grafana',
    title: 'backup',
    text: 'of all',
    tags: ['db'],
    who: 'ada',
    from: noon - 60_000,
    until: noon,
  })
  assert.deepEqual(restart, {
    type: 'other',
    seq: 4,
    sender: 'graphite',
    title: 'restart',
    text: 'by cron',
    tags: ['db', 'night'],
    who: 'ada',
    from: noon - 90_000,
    until: null,
  })
  assert.equal(others.length, 2)
})

test('a mark without a time happens now, and one without words, or by who may only look, is refused', async (t) => {
  const { ask, marks } = await makeWorld(t)
  await ask('POST /api/annotations', '{"text":"now"}')
  assert.deepEqual(
    (await marks()).marks.map((mark) => mark.type === 'other' && [mark.from, mark.until]),
    [[noon, null]],
  )
  for (const body of ['{"text":" "}', '{"text":"x","time":-1}', 'nonsense', '{"text":"x","tags":"a"}'])
    assert.equal((await ask('POST /api/annotations', body)).status, 400, body)
  assert.equal((await ask('POST /api/annotations', '{"text":"x"}', 'ivan')).status, 403)
  assert.equal((await ask('GET /api/marks?from=5&to=4')).status, 400)
})

test('of more marks than an answer holds the newest come, and it says so', async (t) => {
  const { store, marks } = await makeWorld(t)
  const many = Array.from({ length: 10_001 }, (_, nth) =>
    store.ledger.record(
      '@marks',
      {
        type: 'marked',
        title: `${nth}`,
        text: '',
        tags: [],
        who: 'ada',
        sender: 'grafana',
        from: nth,
        until: null,
      },
      noon,
    ),
  )
  await Promise.all(many)
  const { marks: shown, isCut } = await marks()
  assert.deepEqual(
    [shown.length, isCut, shown[0]?.type === 'other' && shown[0].title],
    [10_000, true, '10000'],
  )
})
