import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { loadConfig } from '../reading/load.ts'
import { scratchProject } from '../scratch-project.ts'

test('hosts are asked for their numbers where nothing is said', async () => {
  await using project = await scratchProject({
    'tandem.ts': `import { tandem } from 'tandem'\nexport default tandem({})\n`,
  })
  const { config } = await loadConfig(project.dir)
  assert.deepEqual(config.metrics, {
    scrape: {
      intervalMs: 15_000,
      timeoutMs: 10_000,
      hosts: true,
      limits: { bytes: 16 * 1024 ** 2, samples: 100_000 },
      targets: {},
    },
    keep: {
      keptMs: 90 * 86_400_000,
      keptMinutesMs: 180 * 86_400_000,
      keptHoursMs: 1825 * 86_400_000,
      keptBytes: null,
      lateMs: 3_600_000,
      seriesLimit: 1_000_000,
      seriesOfNameLimit: 100_000,
      valuesOfLabelLimit: 50_000,
    },
    rules: [],
    remote: null,
    statsd: null,
    graphite: null,
    pages: [],
  })
})

const said = `import { tandem } from 'tandem'
export default tandem({
  hosts: { db1: { address: 'root@10.0.0.1', roles: ['db'] }, web1: { address: 'root@10.0.0.2' } },
  apps: {
    shop: { run: 'node server.js', port: 3000, metrics: '/metrics' },
    mail: { run: { sender: 'node send.js' }, metrics: { path: '/numbers', port: 9394 } },
  },
  metrics: {
    scrape: {
      interval: '5s',
      hosts: false,
      sampleLimit: 10,
      targets: {
        short: '10.0.0.5:9187',
        node: { url: ['https://[fe80::1]:9100', 'http://db/probe?target=http://up'], auth: { bearer: 'TOKEN' }, timeout: '1s' },
        far: { url: 'https://far.example.org/', auth: { user: 'p', password: 'WORD' }, honorLabels: true, honorTimestamps: false },
        postgres: { on: ['db'], port: 9187, labels: { team: 'shop' }, interval: '1m', timeout: '20s', bodyLimit: '1M' },
      },
    },
  },
})
`

test('what is said of a target goes before what is said for all', async () => {
  await using project = await scratchProject({ 'tandem.ts': said })
  const { metrics, apps } = (await loadConfig(project.dir)).config
  assert.deepEqual(apps['shop']?.metrics, { path: '/metrics', port: null })
  assert.deepEqual(apps['mail']?.metrics, { path: '/numbers', port: 9394 })
  const { short, node, far, postgres } = metrics.scrape.targets
  assert.deepEqual(
    [metrics.scrape.intervalMs, metrics.scrape.timeoutMs, metrics.scrape.hosts],
    [5000, 5000, false],
  )
  assert.deepEqual(short, {
    at: { kind: 'urls', urls: ['http://10.0.0.5:9187/metrics'], auth: null },
    labels: {},
    honorLabels: false,
    honorTimestamps: true,
    intervalMs: 5000,
    timeoutMs: 5000,
    limits: { bytes: 16 * 1024 ** 2, samples: 10 },
  })
  assert.deepEqual(node?.at, {
    kind: 'urls',
    urls: ['https://[fe80::1]:9100/metrics', 'http://db/probe?target=http://up'],
    auth: { kind: 'bearer', secret: 'TOKEN' },
  })
  assert.equal(node.timeoutMs, 1000)
  assert.deepEqual(
    [far?.at, far?.honorLabels, far?.honorTimestamps],
    [
      {
        kind: 'urls',
        urls: ['https://far.example.org/'],
        auth: { kind: 'basic', user: 'p', secret: 'WORD' },
      },
      true,
      false,
    ],
  )
  assert.deepEqual(postgres, {
    at: { kind: 'hosts', hosts: ['db1'], port: 9187, path: '/metrics', auth: null },
    labels: { team: 'shop' },
    honorLabels: false,
    honorTimestamps: true,
    intervalMs: 60_000,
    timeoutMs: 20_000,
    limits: { bytes: 1024 ** 2, samples: 10 },
  })
})

test('pages of graphs are read with what goes without saying, and a mistake is told with its place', async () => {
  const pageOf = (unit: string) => `import { tandem } from 'tandem'
export default tandem({ metrics: { pages: { shop: { panels: [
  { title: 'Orders', unit: 'per second', queries: ['rate(orders_total[$window])', { query: 'latency', name: '{{host}}', unit: '${unit}', axis: 'right' }] },
] } } } })
`
  await using project = await scratchProject({ 'tandem.ts': pageOf('seconds') })
  const { metrics } = (await loadConfig(project.dir)).config
  assert.deepEqual(metrics.pages, [
    {
      name: 'shop',
      title: 'shop',
      panels: [
        {
          title: 'Orders',
          from: 'zero',
          queries: [
            { query: 'rate(orders_total[$window])', name: '', unit: 'per second', axis: 'left' },
            { query: 'latency', name: '{{host}}', unit: 'seconds', axis: 'right' },
          ],
        },
      ],
    },
  ])
  await using wrong = await scratchProject({ 'tandem.ts': pageOf('hours') })
  await assert.rejects(loadConfig(wrong.dir), (thrown: unknown) => {
    const trouble = JSON.stringify(thrown instanceof TroubleError ? thrown.trouble : thrown)
    return /tandem\.ts:3/.test(trouble) && /per second/.test(trouble)
  })
})

test('how long samples stay and how many may come is said in keep', async () => {
  const saying = (keep: string) => ({
    'tandem.ts': `import { tandem } from 'tandem'\nexport default tandem({ metrics: { keep: ${keep} } })\n`,
  })
  await using project = await scratchProject(
    saying(
      `{ for: '30d', minutes: '60d', hours: '400d', upTo: '20G', late: '1d', seriesOfOneName: 5000, valuesOfOneLabel: 100 }`,
    ),
  )
  const { config } = await loadConfig(project.dir)
  assert.deepEqual(config.metrics.keep, {
    keptMs: 30 * 86_400_000,
    keptMinutesMs: 60 * 86_400_000,
    keptHoursMs: 400 * 86_400_000,
    keptBytes: 20 * 1024 ** 3,
    lateMs: 86_400_000,
    seriesLimit: 1_000_000,
    seriesOfNameLimit: 5000,
    valuesOfLabelLimit: 100,
  })
  await using wrong = await scratchProject(saying(`{ for: '2h' }`))
  await assert.rejects(loadConfig(wrong.dir), (thrown: unknown) => {
    assert.ok(thrown instanceof TroubleError)
    assert.match(JSON.stringify(thrown.trouble), /from 1d to 3650d/)
    return true
  })
})
