import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { type Prometheus, startPrometheus } from '../bench/differential/prometheus.ts'
import { compress } from '../src/metrics/ingest/snappy/compress.ts'
import { oddSamples, ownSamples } from './metrics/odd-samples.ts'
import { type ServedHub, serveHub, twoPeople } from './repos/served-hub.ts'

const skip = spawnSync('prometheus', ['--version']).status === 0 ? false : 'prometheus is not installed'

const lastMs = Math.floor(Date.now() / 15_000) * 15_000 - 60_000 + 123
const last = lastMs / 1000

/** What another engine computes out of what it reads here, and what is computed here. */
const queries = [
  'up',
  'odd',
  'sum by (code) (rate(http_requests_total[5m]))',
  'histogram_quantile(0.9, rate(latency_seconds_bucket[10m]))',
  '{__name__=~"up|odd", job!="db"}',
  'up{job!~"web|lb"}',
  'count_over_time(odd{is="gone"}[1h])',
  'nobody',
]

describe('a Prometheus that reads here', { skip }, () => {
  let hub: ServedHub
  let reader: Prometheus
  before(async () => {
    // What the hub says of itself is no part of this.
    hub = await serveHub(`${twoPeople}, metrics: { scrape: { interval: '1h' } }`)
    assert.equal((await hub.metrics().write(ownSamples(oddSamples(lastMs)))).type, 'taken')
    const read = { url: `${hub.url}/api/v1/read`, read_recent: true }
    const config = { remote_read: [{ ...read, authorization: { credentials: hub.secret('eve') } }] }
    // YAML takes JSON as it is.
    reader = await startPrometheus(JSON.stringify(config))
  })
  after(async () => {
    await reader.close()
    assert.deepEqual(hub.broken, [])
    await hub.close()
  })

  const asked = async (address: string, params: Readonly<Record<string, string>>) => {
    const route = params['step'] === undefined ? 'query' : 'query_range'
    const headers = { authorization: `Bearer ${hub.secret('eve')}` }
    const url = `${address}/api/v1/${route}?${new URLSearchParams(params).toString()}`
    const { status, data } = (await (await fetch(url, { headers })).json()) as {
      status: string
      data: { result: unknown[] }
    }
    assert.equal(status, 'success')
    return data.result.map((one) => JSON.stringify(one)).toSorted()
  }

  for (const query of queries)
    test(`answers ${query} as we do`, async () => {
      for (const params of [
        { query, time: String(last) },
        { query, start: String(last - 3600), end: String(last), step: '60' },
      ]) {
        const ours = await asked(hub.url, params)
        assert.deepEqual(await asked(reader.address, params), ours)
        assert.equal(ours.length > 0, query !== 'nobody')
      }
    })

  test('is told what it may not ask', async () => {
    const read = async (body: Uint8Array<ArrayBuffer>, secret = hub.secret('eve')) => {
      const headers = { authorization: `Bearer ${secret}` }
      const answer = await fetch(`${hub.url}/api/v1/read`, { method: 'POST', headers, body })
      return { status: answer.status, text: await answer.text() }
    }
    assert.equal((await read(compress(new Uint8Array()), 'nobody')).status, 401)
    assert.equal((await read(compress(new Uint8Array()))).status, 200)
    assert.deepEqual((await read(Uint8Array.of(1, 2, 3))).status, 400)
    const onlyChunks = await read(compress(Uint8Array.of(0x10, 1)))
    assert.deepEqual([onlyChunks.status, /ask for SAMPLES/.test(onlyChunks.text)], [400, true])
  })
})
