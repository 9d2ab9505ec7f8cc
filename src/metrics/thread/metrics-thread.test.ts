import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { TroubleError } from '../../change/trouble.ts'
import { type Labels, labelsOf } from '../labels.ts'
import type { Answered, OwnSamples } from '../metrics-side.ts'
import { MetricsThread } from './metrics-thread.ts'

const limits = { seriesLimit: 10_000, seriesOfNameLimit: 10_000, keptMs: 1e12 }
const asking = { maxSamples: 20_000_000, timeoutMs: 60_000 }

async function folderOf(t: TestContext): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'tandem-metrics-'))
  t.after(() => rm(parent, { recursive: true }))
  return join(parent, 'metrics')
}

type Opened = Readonly<{ thread: MetricsThread; broken: unknown[] }>

function open(t: TestContext, folder: string): Opened {
  const broken: unknown[] = []
  const broke = (thrown: unknown): void => void broken.push(thrown)
  const thread = new MetricsThread(
    { version: '1.2.3', folder, ...limits, ...asking },
    { broke, tell: () => {} },
  )
  t.after(() => thread.close())
  return { thread, broken }
}

const up = (value: number, ms: number): OwnSamples => ({
  labels: [labelsOf({ __name__: 'up', job: 'web' })],
  times: [ms],
  values: [value],
  stale: [],
})

/** Twenty minutes of many series, so that there is something to compute. */
function many(series: number, toMs: number): OwnSamples {
  const samples = 1200
  const names = Array.from({ length: series }, (_, nth) => labelsOf({ __name__: 'load', nth: String(nth) }))
  const labels: Labels[] = []
  const times: number[] = []
  for (const each of names)
    for (let at = 0; at < samples; at += 1) {
      labels.push(each)
      times.push(toMs - (samples - at) * 1000)
    }
  return { labels, times, values: times.map((ms) => ms % 7), stale: [] }
}

const said = ({ body }: Answered): unknown => JSON.parse(Buffer.from(body).toString())

const asked = (thread: MetricsThread, query: string, atMs: number): Promise<Answered> =>
  thread.ask({
    route: 'query',
    name: '',
    params: new URLSearchParams({ query, time: `${atMs / 1000}` }).toString(),
  })

/** A question that takes seconds. */
const long = (toMs: number) => ({
  route: 'query_range' as const,
  name: '',
  params: new URLSearchParams({
    query: 'sum(quantile_over_time(0.5, load[20m]))',
    start: `${toMs / 1000 - 1200}`,
    end: `${toMs / 1000}`,
    step: '1',
  }).toString(),
})

/** A thread that died begins again half a second later. */
async function untilTaken(thread: MetricsThread): Promise<void> {
  const limit = Date.now() + 20_000
  const write = () => thread.write(up(1, Date.now())).catch((thrown: unknown) => String(thrown))
  for (let last = await write(); ; last = await write()) {
    if (typeof last !== 'string' && last.type === 'taken') return
    assert.ok(Date.now() < limit, JSON.stringify(last))
    await pause(100)
  }
}

test('what was written is answered, also by the next thread', async (t) => {
  const folder = await folderOf(t)
  const now = Date.now()
  const first = open(t, folder)
  assert.deepEqual(await first.thread.write(up(1.5, now)), {
    type: 'taken',
    samples: 1,
    taken: 1,
    refused: {},
  })
  await first.thread.close()
  const second = open(t, folder)
  assert.deepEqual(said(await asked(second.thread, 'up', now)), {
    status: 'success',
    data: {
      resultType: 'vector',
      result: [{ metric: { __name__: 'up', job: 'web' }, value: [now / 1000, '1.5'] }],
    },
  })
  assert.deepEqual([...first.broken, ...second.broken], [])
})

test('a question nobody waits for any more ends, and says so', async (t) => {
  const { thread } = open(t, await folderOf(t))
  const now = Date.now()
  await thread.write(many(200, now))
  const leaving = new AbortController()
  const answer = thread.ask(long(now), leaving.signal)
  await pause(100)
  leaving.abort()
  assert.deepEqual(said(await answer), {
    status: 'error',
    errorType: 'canceled',
    error: 'query was canceled in query execution',
  })
})

test('a short question does not wait for long ones, which are answered after each other', async (t) => {
  const { thread } = open(t, await folderOf(t))
  const now = Date.now()
  await thread.write(many(200, now))
  await thread.write(up(1, now))
  await asked(thread, 'up', now)
  const leaving = new AbortController()
  let answered = 0
  const answers = [1, 2].map(async () => {
    const answer = await thread.ask(long(now), leaving.signal)
    answered += 1
    return said(answer)
  })
  await pause(100)
  for (let round = 0; round < 5; round += 1) {
    const found = said(await asked(thread, 'up', now)) as { data: { result: readonly unknown[] } }
    assert.equal(found.data.result.length, 1)
  }
  assert.equal(answered, 0)
  leaving.abort()
  const canceled = {
    status: 'error',
    errorType: 'canceled',
    error: 'query was canceled in query execution',
  }
  assert.deepEqual(await Promise.all(answers), [canceled, canceled])
})

test('samples are taken while a question is being computed', async (t) => {
  const { thread } = open(t, await folderOf(t))
  const now = Date.now()
  await thread.write(many(200, now))
  const leaving = new AbortController()
  const answer = thread.ask(long(now), leaving.signal)
  await pause(100)
  for (let at = 0; at < 5; at += 1)
    assert.equal((await thread.write(up(1, now - 5000 + 1000 * at))).type, 'taken')
  leaving.abort()
  // It had not ended by itself.
  assert.match(JSON.stringify(said(await answer)), /"canceled"/)
})

test('a snapshot is a store by itself, and does not move any more', async (t) => {
  const folder = await folderOf(t)
  const now = Date.now()
  const { thread } = open(t, folder)
  await thread.write(up(1, now - 1000))
  const name = await thread.snapshot()
  await thread.write(up(2, now))
  const { thread: restored } = open(t, join(folder, 'snapshots', name))
  assert.match(JSON.stringify(said(await asked(restored, 'up', now))), /"1"/)
  assert.match(JSON.stringify(said(await asked(thread, 'up', now))), /"2"/)
})

test('samples are kept otherwise from the moment it is said, also by the next thread', async (t) => {
  const folder = await folderOf(t)
  const now = Date.now()
  const { thread } = open(t, folder)
  const late = up(1, now - 2 * 3_600_000)
  await thread.write(up(1, now))
  // It is looked at once a minute what is too late: not yet here.
  const summed = { keptMinutesMs: 1e12, keptHoursMs: 1e12 }
  const keep = { ...limits, ...summed, keptBytes: Infinity, lateMs: 60_000, valuesOfLabelLimit: 10 }
  await thread.keep(keep)
  assert.deepEqual(await thread.write(late), {
    type: 'taken',
    samples: 1,
    taken: 0,
    refused: { 'too old': 1 },
  })
  await thread.keep({ ...keep, lateMs: 3 * 3_600_000, seriesLimit: 1 })
  assert.equal(JSON.stringify(await thread.write(late)).includes('"taken":1'), true)
  const other = { ...up(1, now), labels: [labelsOf({ __name__: 'down' })] }
  assert.match(JSON.stringify(await thread.write(other)), /too many series/)
})

test('two threads do not keep one folder', async (t) => {
  const folder = await folderOf(t)
  const first = open(t, folder)
  await first.thread.write(up(1, Date.now()))
  const second = open(t, folder)
  await assert.rejects(second.thread.write(up(1, Date.now())), (thrown: unknown) => {
    assert.ok(thrown instanceof TroubleError)
    assert.deepEqual(thrown.trouble, {
      what: 'another process keeps the samples of this hub',
      where: folder,
      now: 'one hub at a time may: end the other one, or ask that one',
    })
    return true
  })
  await first.thread.close()
  await untilTaken(second.thread)
})

test('a thread that dies says why, and begins again when the reason is gone', async (t) => {
  const folder = await folderOf(t)
  await writeFile(folder, 'in the way')
  const { thread, broken } = open(t, folder)
  await assert.rejects(
    thread.write(up(1, Date.now())),
    /^TroubleError: the engine of metrics has died: EEXIST/,
  )
  assert.match(String(broken[0]), /the thread of metrics has died/)
  await rm(folder)
  await untilTaken(thread)
})

test('who closes twice, or asks after that, is told', async (t) => {
  const { thread } = open(t, await folderOf(t))
  await thread.write(up(1, Date.now()))
  await Promise.all([thread.close(), thread.close()])
  await assert.rejects(thread.write(up(1, Date.now())), /has ended with its hub/)
})
