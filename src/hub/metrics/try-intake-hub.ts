import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { MetricsThread } from '../../metrics/thread/metrics-thread.ts'
import type { WriteKeys } from '../../metrics/metrics-side.ts'
import { writeKeys } from '../../metrics/write-keys.ts'
import { openStore } from '../../store/open.ts'
import { makeDoors } from '../../api/doors.ts'
import type { HubSide } from '../../api/hub-side.ts'
import { serve } from '../../api/serve/serve.ts'
import { makeSmallHub } from '../../api/small-hub.ts'

export type TryHub = Readonly<{
  url: string
  /** A token of somebody who may do everything, and of somebody who may look. */
  secret: string
  looking: string
  /** Keys of whoever may send samples and do nothing else. */
  keys: WriteKeys
  send: (
    path: string,
    body: string | Uint8Array,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>
  /** Each series that a query finds, as `name{…} value`. */
  ask: (query: string, atMs?: number) => Promise<readonly string[]>
}>

/** A hub for tests of what takes samples: it listens on a port, and has a real thread of metrics unless it is given another. */
export async function tryHub(t: TestContext, given?: HubSide['metrics']): Promise<TryHub> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-intake-'))
  const store = await openStore(dir)
  const broke = (thrown: unknown): void => {
    throw thrown
  }
  const options = {
    seriesLimit: 10_000,
    seriesOfNameLimit: 10_000,
    keptMs: 1e12,
    maxSamples: 1e6,
    timeoutMs: 10_000,
  }
  const thread =
    given === undefined
      ? new MetricsThread(
          { version: '1.2.3', folder: join(dir, 'metrics'), ...options },
          { broke, tell: () => {} },
        )
      : null
  await mkdir(join(dir, 'web'))
  const { side } = makeSmallHub(store, { now: Date.now, people: { ada: 'everything', eve: 'look' } })
  const keys = writeKeys(store, Date.now)
  const metrics = given ?? thread ?? side.metrics
  const world = { now: Date.now, broke: (_: string, thrown: unknown) => broke(thrown) }
  const serving = await serve(makeDoors({ ...side, metrics, writeKeys: keys }, world), {
    host: '127.0.0.1',
    port: 0,
    webDir: join(dir, 'web'),
  })
  const { secret } = await store.tokens.create('ada', 'x', Date.now(), null)
  const { secret: looking } = await store.tokens.create('eve', 'x', Date.now(), null)
  t.after(async () => {
    await serving.stop()
    await thread?.close()
    await store.close()
    await rm(dir, { recursive: true })
  })
  return {
    url: serving.url,
    secret,
    looking,
    keys,
    send: (path, body, headers = {}) =>
      fetch(serving.url + path, {
        method: 'POST',
        body: typeof body === 'string' ? body : Uint8Array.from(body),
        headers: { authorization: `Bearer ${secret}`, ...headers },
      }),
    ask: async (query, atMs = Date.now()) => {
      const params = new URLSearchParams({ query, time: String(atMs / 1000) }).toString()
      const { body } = await metrics.ask({ route: 'query', name: '', params })
      return seriesIn(JSON.parse(Buffer.from(body).toString()))
    },
  }
}

type Found = Readonly<{
  data: Readonly<{ result: readonly Readonly<{ metric: Record<string, string>; value: [number, string] }>[] }>
}>

function seriesIn({ data }: Found): readonly string[] {
  return data.result
    .map(({ metric: { __name__: name = '', ...rest }, value: [, value] }) => {
      const pairs = Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1))
      const labels = pairs.map(([label, text]) => `${label}="${text}"`).join(',')
      return `${name}${labels === '' ? '' : `{${labels}}`} ${value}`
    })
    .toSorted()
}
