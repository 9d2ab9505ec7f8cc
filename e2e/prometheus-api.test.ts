import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { after, before, describe, test } from 'node:test'
import { type Prometheus, startPrometheus } from '../bench/differential/prometheus.ts'
import { remoteWrite } from '../bench/differential/remote-write.ts'
import { run } from '../lab/run.ts'
import { many, oddSamples, ownSamples } from './metrics/odd-samples.ts'
import { type ServedHub, serveHub, twoPeople } from './repos/served-hub.ts'

const here = (program: string): false | string =>
  spawnSync(program, ['--version']).status === 0 ? false : `${program} is not installed`

const lastMs = Math.floor(Date.now() / 15_000) * 15_000 - 60_000 + 123
const last = lastMs / 1000
const samples = oddSamples(lastMs)
const graph = { start: String(last - 3600), end: String(last), step: '60' }

let hub: ServedHub

before(async () => {
  // What the hub says of itself would be found beside what is compared.
  hub = await serveHub(`${twoPeople}, metrics: { scrape: { interval: '1h' } }`)
  assert.equal((await hub.metrics().write(ownSamples(samples))).type, 'taken')
})
after(async () => {
  assert.deepEqual(hub.broken, [])
  await hub.close()
})

type Body = { status: string; data: Record<string, unknown> & { result: unknown[] } }
type Params = Readonly<Record<string, string>>

/** As Grafana asks: a name that says nothing, and the token as its password. */
async function ask(method: 'GET' | 'POST', path: string, params: Params = {}) {
  const authorization = `Basic ${Buffer.from(`grafana:${hub.secret('eve')}`).toString('base64')}`
  const query = new URLSearchParams(params)
  const isForm = method === 'POST'
  const address = `${hub.url}${path}${isForm || query.size === 0 ? '' : `?${query.toString()}`}`
  const answer = await fetch(address, { method, headers: { authorization }, ...(isForm && { body: query }) })
  const json = (await answer.json()) as Body
  return { status: answer.status, type: answer.headers.get('content-type'), json }
}

describe('what Grafana asks', () => {
  test('is answered, in its order, to somebody who may only look', async () => {
    const health = await ask('POST', '/api/v1/query', { query: '1+1', time: '4' })
    assert.deepEqual(health.json, { status: 'success', data: { resultType: 'scalar', result: [4, '2'] } })
    const build = await ask('GET', '/api/v1/status/buildinfo')
    assert.equal(build.json.data.version, '2.42.0')
    // With features it would be taken for Mimir.
    assert.equal(build.json.data.features, undefined)
    const most = await ask('GET', '/api/v1/status/tsdb', { limit: '1' })
    assert.deepEqual(most.json.data.seriesCountByMetricName, [{ name: 'odd', value: 5 }])
    const drawn = await ask('POST', '/api/v1/query_range', {
      query: 'rate(http_requests_total[5m])',
      ...graph,
    })
    assert.equal(drawn.json.data.result.length, 3)
    assert.equal(drawn.type, 'application/json')
    const span = { start: graph.start, end: graph.end }
    const names = await ask('GET', '/api/v1/label/__name__/values', { ...span, limit: '40000' })
    assert.deepEqual(names.json.data, ['http_requests_total', 'latency_seconds_bucket', 'odd', 'up'])
    const labels = await ask('POST', '/api/v1/labels', { ...span, 'match[]': 'up' })
    assert.deepEqual(labels.json.data, ['__name__', 'instance', 'job'])
    const values = await ask('GET', '/api/v1/label/job/values', { ...span, 'match[]': '{__name__="up"}' })
    assert.deepEqual(values.json.data, ['db', 'lb', 'web'])
    const series = await ask('POST', '/api/v1/series', { ...span, 'match[]': 'up{job="web"}' })
    assert.deepEqual(series.json.data, [{ __name__: 'up', instance: 'web1:9100', job: 'web' }])
    for (const path of ['/api/v1/metadata?limit=10', '/api/v1/rules', '/api/v1/alerts', '/api/v1/targets'])
      assert.equal((await ask('GET', path)).json.status, 'success', path)
    const examples = await ask('POST', '/api/v1/query_exemplars', { query: 'up', ...span })
    assert.deepEqual(examples.json, { status: 'success', data: [] })
  })

  test('is refused to strangers, in words that Grafana shows', async () => {
    const answer = await fetch(`${hub.url}/api/v1/query?query=1`)
    assert.equal(answer.status, 401)
    assert.match(
      JSON.stringify(await answer.json()),
      /"status":"error",.*"error":"this request has no token: /,
    )
    assert.equal((await fetch(`${hub.url}/-/healthy`)).status, 200)
    assert.equal((await fetch(`${hub.url}/-/ready`)).status, 200)
    assert.equal((await fetch(`${hub.url}/federate?match[]=up`)).status, 401)
  })

  test('may not have snapshots made by those who only look', async () => {
    const path = '/api/v1/admin/tsdb/snapshot'
    assert.equal((await ask('POST', path)).status, 403)
    const headers = { authorization: `Bearer ${hub.secret('ada')}` }
    const made = await fetch(`${hub.url}${path}`, { method: 'POST', headers })
    const { data } = (await made.json()) as { data: { name: string } }
    assert.match(data.name, /^\d{8}T\d{6}Z-[0-9a-f]{16}$/)
    assert.ok(existsSync(join(hub.stateDir, 'metrics', 'snapshots', data.name, 'wal')))
  })

  test('is told when a question is wrong', async () => {
    const wrong = await ask('GET', '/api/v1/query_range', {
      query: 'up',
      start: '0',
      end: '20000',
      step: '1',
    })
    assert.equal(wrong.status, 400)
    assert.deepEqual(wrong.json, {
      status: 'error',
      errorType: 'bad_data',
      error:
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    })
    assert.equal((await ask('GET', '/api/v1/nothing')).status, 404)
  })
})

describe('promtool', { skip: here('promtool') }, () => {
  const promtool = async (...args: readonly string[]): Promise<string> => {
    const address = hub.url.replace('//', `//promtool:${hub.secret('eve')}@`)
    const [what = '', ...rest] = args
    const asked = ['promtool', 'query', what, ...rest.map((arg) => (arg === 'HUB' ? address : arg))]
    const { code, stdout, stderr } = await run(asked)
    assert.equal(code, 0, stderr)
    return stdout.trim()
  }

  test('asks unaltered', async () => {
    const at = ['--time', String(last)]
    assert.match(await promtool('instant', ...at, 'HUB', 'sum(up)'), /^\{\} => 3 @\[/)
    const from = ['--start', graph.start, '--end', graph.end]
    assert.match(
      await promtool('range', ...from, '--step=60s', 'HUB', 'up{job="db"}'),
      /^up\{.*job="db".*\} =>/,
    )
    assert.match(await promtool('series', ...from, '--match=up', 'HUB'), /job="lb"/)
    assert.equal(await promtool('labels', ...from, 'HUB', 'code'), '200\n404\n500')
  })
})

const at = { time: String(last) }
const span = { start: graph.start, end: graph.end }

/** What both are asked. */
const questions: readonly (readonly [path: string, params: Params])[] = [
  ...[
    '1',
    '1.5',
    '-1e-7',
    '1e30',
    'NaN',
    '"a <b>"',
    'vector(1e21)',
    'up',
    'odd',
    'odd == 1',
    'up[1m]',
    'sum(up)',
  ].map((query) => ['/api/v1/query', { query, ...at }] as const),
  ...[
    'odd',
    'up offset 7m',
    'rate(http_requests_total[5m])',
    'sum by (code) (http_requests_total)',
    'time()',
  ].map((query) => ['/api/v1/query_range', { query, ...graph }] as const),
  ['/api/v1/query', { query: 'histogram_quantile(0.9, latency_seconds_bucket)', ...at }],
  ['/api/v1/query', { query: 'up', time: new Date(lastMs).toISOString() }],
  ['/api/v1/query', { query: 'up', time: 'yesterday' }],
  ['/api/v1/query', { query: 'up', timeout: 'long', ...at }],
  ['/api/v1/query', { query: 'up{', ...at }],
  ['/api/v1/query', { query: 'up * on (job) http_requests_total', ...at }],
  ['/api/v1/query', at],
  ['/api/v1/query_range', { query: 'up' }],
  ['/api/v1/query_range', { query: 'up', start: '2', end: '1', step: '1' }],
  ['/api/v1/query_range', { query: 'up', start: '1', end: '2', step: '0' }],
  ['/api/v1/query_range', { query: 'up', start: '1', end: '2', step: 'x' }],
  ['/api/v1/query_range', { query: 'up', start: '1', end: '2', step: '1e30' }],
  ['/api/v1/query_range', { query: 'up', start: '1', end: '11002', step: '1' }],
  ['/api/v1/query_range', { query: 'up[5m]', ...graph }],
  ['/api/v1/query_range', { query: '"a"', ...graph }],
  ['/api/v1/labels', {}],
  ['/api/v1/labels', { 'match[]': 'http_requests_total', ...span }],
  ['/api/v1/labels', { 'match[]': 'up(' }],
  ['/api/v1/labels', { 'match[]': '{}' }],
  ['/api/v1/labels', { start: 'x' }],
  ['/api/v1/label/job/values', {}],
  ['/api/v1/label/is/values', span],
  ['/api/v1/label/job/values', { 'match[]': 'http_requests_total' }],
  ['/api/v1/label/job/values', { 'match[]': 'http_requests_total{code=""}' }],
  ['/api/v1/label/job/values', { 'match[]': 'up[' }],
  ['/api/v1/label/a-b/values', {}],
  ['/api/v1/label/nobody/values', {}],
  ['/api/v1/series', {}],
  ['/api/v1/series', { 'match[]': '{__name__=~"up|odd"}', ...span }],
  ['/api/v1/series', { 'match[]': 'up', end: '1' }],
  ['/api/v1/series', { 'match[]': '{a=""}' }],
  ['/api/v1/series', { 'match[]': '5' }],
  ['/api/v1/metadata', { limit: 'x' }],
  ['/api/v1/metadata', { metric: 'nobody' }],
  ['/api/v1/query_exemplars', { query: 'up', ...span }],
  ['/api/v1/query_exemplars', { query: '(' }],
  ['/api/v1/format_query', { query: 'sum  by(job)(up)' }],
  ['/api/v1/format_query', { query: 'sum(' }],
  ...[
    'sum by (job, instance, code) (rate(http_requests_total{code=~"5..", job="web", instance="web1:9100"}[5m])) / on (job) group_left (instance) sum without (code) (rate(http_requests_total{job="web"}[5m]))',
    'histogram_quantile(0.99, sum by (le, job) (rate(latency_seconds_bucket{job="web", instance="web1:9100"}[5m] offset 1h)))',
    'topk(5, sum by (a_long_label_a, a_long_label_b, a_long_label_c) (rate(http_requests_total{code!="200", job="web"}[5m]))) > bool 5',
    '-(sum(rate(http_requests_total{code="500"}[5m])) / sum(rate(http_requests_total{code="200"}[5m])) * 100 > bool on () vector(17))',
    'max_over_time((sum by (job) (rate(http_requests_total{code="500"}[5m])) / sum by (job) (rate(http_requests_total[5m])))[1h:5m] offset 10m)',
    'label_replace(up{job="web", instance="web1:9100"}, "another_label", "$1-and-more-of-it", "instance", "([^:]+):(.*)") or up',
    'abs(max_over_time(up[5m:1m])) + http_requests_total{code="500", instance="web1:9100", job="web"} offset 5m @ 1.5 and up',
    'up{a="ééééééééééééééééééééééééééééééééééééééééééééééééééééé", b="b"} + up{a="éééééé"}',
    'count_values("a_long_name_of_a_label", sum by (job) (http_requests_total{code="500", instance="web1:9100", job="web"} offset 5m))',
    'quantile(0.5, -up{job="web", instance="web1:9100", another="aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", b="c"})',
  ].map((query) => ['/api/v1/format_query', { query }] as const),
  ['/api/v1/targets', { state: 'dropped' }],
  ['/api/v1/rules', {}],
  ['/api/v1/alerts', {}],
  ['/federate', { 'match[]': '(' }],
  ['/federate', {}],
  ['/federate', { 'match[]': '{__name__=~"up|http_.*"}' }],
]

describe('Debian’s Prometheus', { skip: here('prometheus') }, () => {
  let peer: Prometheus
  before(async () => {
    peer = await startPrometheus()
    await remoteWrite(peer.address, samples)
  })
  after(() => peer.close())

  for (const [path, params] of questions)
    test(`answers as we do: ${path} ${JSON.stringify(params)}`, async () => {
      const query = new URLSearchParams(params).toString()
      const theirs = await fetch(`${peer.address}${path}?${query}`)
      const headers = { authorization: `Bearer ${hub.secret('ada')}` }
      const ours = await fetch(`${hub.url}${path}?${query}`, { headers })
      assert.equal(inOrder(await ours.text()), inOrder(await theirs.text()))
      assert.equal(ours.status, theirs.status)
      assert.equal(ours.headers.get('content-type'), theirs.headers.get('content-type'))
    })
})

describe('how it stands with us', { skip: here('prometheus') }, () => {
  let peer: Prometheus
  before(async () => {
    peer = await startPrometheus()
    await remoteWrite(peer.address, samples)
  })
  after(() => peer.close())

  const both = async (path: string) => {
    const headers = { authorization: `Bearer ${hub.secret('eve')}` }
    const [ours, theirs] = await Promise.all(
      [hub.url, peer.address].map(async (at) => {
        const { data } = (await (await fetch(`${at}/api/v1/status/${path}`, { headers })).json()) as Body
        return data
      }),
    )
    assert.ok(ours !== undefined && theirs !== undefined)
    return { ours, theirs }
  }

  test('is said under the names of Prometheus, in its types', async () => {
    const typesOf = (data: object) =>
      Object.entries(data)
        .map(([name, value]) => `${name} ${typeof value}`)
        .toSorted()
    for (const path of ['runtimeinfo', 'walreplay', 'config', 'buildinfo']) {
      const { ours, theirs } = await both(path)
      assert.deepEqual(typesOf(ours), typesOf(theirs), path)
    }
    const { ours, theirs } = await both('flags')
    for (const name of Object.keys(ours)) assert.equal(typeof theirs[name], 'string', name)
  })

  test('is counted as Prometheus counts it', async () => {
    type Counts = readonly Readonly<{ name: string; value: number }>[]
    const { ours, theirs } = await both('tsdb?limit=100')
    const lines = (counts: unknown) => (counts as Counts).map(({ name, value }) => `${name} ${value}`)
    for (const name of [
      'seriesCountByMetricName',
      'labelValueCountByLabelName',
      'memoryInBytesByLabelName',
      'seriesCountByLabelValuePair',
    ])
      // It says ten at most, and of equals any.
      assert.deepEqual(
        lines(theirs[name]).filter((line) => !lines(ours[name]).includes(line)),
        [],
        name,
      )
    const [mine, other] = [ours, theirs].map(({ headStats }) => headStats as Record<string, number>)
    assert.deepEqual(Object.keys(mine ?? {}), Object.keys(other ?? {}))
    for (const name of ['numSeries', 'numLabelPairs', 'maxTime'])
      assert.equal(mine?.[name], other?.[name], name)
  })

  test('is a configuration that promtool understands', { skip: here('promtool') }, async () => {
    const { ours } = await both('config')
    const file = join(hub.dir, 'prometheus.yml')
    await writeFile(file, String(ours['yaml']))
    const { code, stdout, stderr } = await run(['promtool', 'check', 'config', '--syntax-only', file])
    assert.equal(code, 0, stdout + stderr)
    assert.match(String(ours['yaml']), /job_name: tandem/)
  })
})

/** Orders to delete, of which some are wrong. */
const orders: readonly (readonly [path: string, params: Params])[] = [
  ['delete_series', {}],
  ['delete_series', { 'match[]': 'up{' }],
  ['delete_series', { 'match[]': 'up', start: 'x' }],
  ['delete_series', { 'match[]': 'up{job="db"}', ...span }],
  ['delete_series', { 'match[]': 'http_requests_total', start: String(last - 600), end: String(last - 300) }],
  ['delete_series', { 'match[]': 'nobody' }],
  ['clean_tombstones', {}],
]

// It alters what is compared.
describe('what is deleted', { skip: here('prometheus') }, () => {
  let peer: Prometheus
  before(async () => {
    peer = await startPrometheus()
    await remoteWrite(peer.address, samples)
  })
  after(() => peer.close())

  const order = async (address: string, person: string, [path, params]: (typeof orders)[number]) => {
    const headers = { authorization: `Bearer ${hub.secret(person)}` }
    const url = `${address}/api/v1/admin/tsdb/${path}`
    const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(params) })
    return { status: answer.status, text: await answer.text() }
  }

  test('is what Debian’s Prometheus deletes, and its refusals are ours', async () => {
    for (const each of orders) {
      const [ours, theirs] = [await order(hub.url, 'ada', each), await order(peer.address, 'ada', each)]
      assert.deepEqual(ours, theirs, JSON.stringify(each))
    }
    for (const path of ['/api/v1/query_range?query=http_requests_total', '/api/v1/query_range?query=up']) {
      const asked = `${path}&${new URLSearchParams(graph).toString()}`
      const headers = { authorization: `Bearer ${hub.secret('eve')}` }
      const ours = await (await fetch(hub.url + asked, { headers })).text()
      assert.equal(inOrder(ours), inOrder(await (await fetch(peer.address + asked)).text()))
      assert.match(ours, /"values":/)
    }
    const jobs = await ask('GET', '/api/v1/label/job/values', { 'match[]': 'up' })
    assert.deepEqual(jobs.json.data, ['lb', 'web'])
  })

  test('is deleted by nobody who may only look', async () => {
    for (const each of orders) assert.equal((await order(hub.url, 'eve', each)).status, 403)
  })
})

// Last: it adds series that the other one has not.
test('a question ends when its client leaves, so that the next one has its turn', async () => {
  assert.equal((await hub.metrics().write(many(400, lastMs))).type, 'taken')
  const headers = { authorization: `Bearer ${hub.secret('eve')}` }
  const heavy = { query: 'sum(quantile_over_time(0.5, load[20m]))', ...graph, step: '1' }
  const leaving = new AbortController()
  const address = `${hub.url}/api/v1/query_range?${new URLSearchParams(heavy).toString()}`
  const left = assert.rejects(fetch(address, { headers, signal: leaving.signal }), { name: 'AbortError' })
  await pause(300)
  leaving.abort()
  await left
  const askedAt = performance.now()
  assert.equal((await ask('GET', '/api/v1/query', { query: '1' })).status, 200)
  // The whole question would take a minute, which is where its limit lies.
  assert.ok(performance.now() - askedAt < 30_000)
})

/** The series of a vector come in any order, and are not altered otherwise here. */
function inOrder(body: string): string {
  const pieces = body.replace(/\]\}\}$/, '').split(/,?(?=\{"metric":)/)
  return pieces.toSorted().join('\n')
}
