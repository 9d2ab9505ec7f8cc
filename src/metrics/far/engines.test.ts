import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { labelsOf } from '../labels.ts'
import type { OwnSamples } from '../metrics-side.ts'
import { MetricsThread } from '../thread/metrics-thread.ts'
import { examine } from './doctor/examine.ts'
import { askFar } from './far-asker.ts'
import { type Engine, engines, missing } from './try-engines.ts'

const minutes = 10
const hosts = 50
const limits = { version: '0', seriesLimit: 10_000, seriesOfNameLimit: 10_000, keptMs: 1e12 }
const asking = { maxSamples: 20_000_000, timeoutMs: 60_000 }

for (const engine of engines)
  describe(`${engine.name} as the far side`, { skip: missing(engine) }, () => {
    test('gets all samples of ten minutes in which it was away, though we begin anew meanwhile', async (t) => {
      const far = await tryEngine(t, engine)
      const near = tryNear(t, `${far.url}${engine.write}`)
      const firstMs = Math.floor((Date.now() - minutes * 60_000) / 1000) * 1000
      await near.thread.write(loads(firstMs))
      await until(async () => (await far.count(firstMs)) === hosts)
      await far.kill()
      const total = minutes * 4
      for (let at = 1; at < total; at += 1) {
        if (at === total / 2) await near.again()
        await near.thread.write(loads(firstMs + at * 15_000))
      }
      // All may be written before it is tried for the first time.
      await until(async () =>
        /it cannot be reached/.test((await near.thread.status()).far?.trouble ?? 'nothing yet'),
      )
      assert.equal((await near.thread.status()).far?.queue.samples, (total - 1) * hosts)
      await far.start()
      await until(async () => (await far.count(firstMs)) === total * hosts)
      // It has them a moment before it says so.
      await until(async () => (await near.thread.status()).far?.queue.samples === 0)
      const after = (await near.thread.status()).far
      assert.deepEqual(
        [after?.trouble, after?.queue.samples, after?.refused, after?.lost],
        [null, 0, 0, { 'queue full': 0, 'not as written': 0, disk: 0 }],
      )
    })

    test('gets what rules come to, and answers what it is asked as we do', async (t) => {
      const far = await tryEngine(t, engine)
      const near = tryNear(t, `${far.url}${engine.write}`)
      const text = "groups: [{name: g, interval: 1s, rules: [{record: 'all:load', expr: sum(load)}]}]"
      await near.heed(text)
      await near.thread.write(loads(Date.now()))
      const sum = (hosts * (hosts - 1)) / 2
      const params = new URLSearchParams({
        query: 'all:load',
        time: String(Date.now() / 1000 + 5),
      }).toString()
      const asked = { route: 'query', name: '', params } as const
      const valueIn = ({ body }: { body: Uint8Array }): unknown =>
        /"value":\[[\d.]+,"([^"]*)"\]/.exec(Buffer.from(body).toString())?.[1]
      await until(async () => valueIn(await near.thread.ask(asked)) === String(sum))
      await until(async () => {
        await far.flush()
        return valueIn(await askFar({ url: far.url, authorization: null }, asked, null)) === String(sum)
      })
      const { rules } = await near.thread.status()
      assert.match(JSON.stringify(rules), /"name":"all:load".*"health":"ok"/)
    })

    test(`answers ${engine.isSame ? 'all as we do' : 'some otherwise, which the doctor finds'}`, async (t) => {
      const far = await tryEngine(t, engine)
      const labels = { cluster: 'here' }
      const near = tryNear(t, `${far.url}${engine.write}`, labels)
      const nowMs = Date.now()
      for (let minute = 45; minute >= 0; minute -= 1)
        await near.thread.write(traffic(nowMs - minute * 60_000 - 1234, 45 - minute))
      await until(async () => (await near.thread.status()).far?.queue.samples === 0)
      await far.flush()
      const compared = await examine({
        url: far.url,
        near: (asked) => near.thread.ask(asked),
        far: (asked) => askFar({ url: far.url, authorization: null }, asked, null),
        labels,
        nowMs,
      })
      assert.ok(compared.same > (engine.isSame ? 20 : 5), JSON.stringify(compared))
      const differing = compared.differences.map(({ query }) => query)
      if (engine.isSame) assert.deepEqual(compared.differences, [])
      else assert.ok(differing.includes('increase(orders_total[5m])'), differing.join('\n'))
    })
  })

/** Counters, of which one begins anew, a gauge and a histogram. */
const traffic = (ms: number, nth: number): OwnSamples => {
  const samples = [
    [{ __name__: 'orders_total', shop: 'a' }, 7 * nth + (nth % 3)],
    [{ __name__: 'orders_total', shop: 'b' }, (5 * nth) % 60],
    [{ __name__: 'load', host: 'h' }, Math.sin(nth)],
    ...['0.1', '1', '+Inf'].map((le, at) => [{ __name__: 'took_bucket', le }, nth * (at + 1)] as const),
  ] as const
  return {
    labels: samples.map(([labels]) => labelsOf(labels)),
    times: samples.map(() => Math.floor(ms)),
    values: samples.map(([, value]) => value),
    stale: [],
  }
}

const loads = (ms: number): OwnSamples => ({
  labels: Array.from({ length: hosts }, (_, nth) => labelsOf({ __name__: 'load', host: `h${nth}` })),
  times: Array.from({ length: hosts }, () => ms),
  values: Array.from({ length: hosts }, (_, nth) => nth),
  stale: [],
})

/** What takes samples in here, and can begin anew. */
function tryNear(t: TestContext, url: string, labels: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-near-'))
  const far = { url, authorization: null, labels, queueBytes: 2 ** 24 }
  let rules = ''
  const begin = (): MetricsThread => {
    const thread = new MetricsThread(
      { folder: join(folder, 'metrics'), ...limits, ...asking },
      { broke: (thrown) => assert.fail(String(thrown)), tell: () => {} },
    )
    void thread.heed({ rules: rules === '' ? [] : [{ file: 'r.yml', text: rules }], far })
    return thread
  }
  const near = {
    thread: begin(),
    heed: (text: string) => {
      rules = text
      return near.thread.heed({ rules: [{ file: 'r.yml', text }], far })
    },
    again: async () => {
      await near.thread.close()
      near.thread = begin()
    },
  }
  t.after(async () => {
    await near.thread.close()
    rmSync(folder, { recursive: true })
  })
  return near
}

/** A real engine on a port of its own. */
async function tryEngine(t: TestContext, engine: Engine) {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-engine-'))
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'prometheus.yml'), '')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | null = null
  const start = async (): Promise<void> => {
    child = spawn(engine.program, engine.args(folder, port), { stdio: ['ignore', 'ignore', 'inherit'] })
    await until(async () => (await fetch(`${url}/-/ready`).catch(() => null))?.ok === true)
  }
  const kill = async (): Promise<void> => {
    if (child === null) return
    const ended = once(child, 'exit')
    // VictoriaMetrics has no log of what it has taken: killed harder, it loses the last seconds by itself.
    child.kill('SIGTERM')
    await ended
    child = null
  }
  t.after(async () => {
    await kill()
    rmSync(folder, { recursive: true })
  })
  await start()
  const flush = async (): Promise<void> => {
    if (engine.flush !== null) await fetch(`${url}${engine.flush}`)
  }
  /** How many samples of `load` it has from there on. */
  const count = async (fromMs: number): Promise<number> => {
    await flush()
    const seconds = Math.ceil((Date.now() - fromMs) / 1000) + 60
    const query = `sum(count_over_time(load[${seconds}s]))`
    const answer = await fetch(
      `${url}/api/v1/query?${new URLSearchParams({ query, nocache: '1' }).toString()}`,
    )
    return Number(/"value":\[[\d.]+,"(\d+)"\]/.exec(await answer.text())?.[1] ?? 0)
  }
  return { url, start, kill, count, flush }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a port was listened at')
  return address.port
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const untilMs = Date.now() + 30_000; !(await isSo()); await pause(100))
    if (Date.now() > untilMs) throw new Error('it never came to that')
}
