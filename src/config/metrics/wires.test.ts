import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaults } from '../defaults.ts'
import { loadConfig } from '../reading/load.ts'
import { scratchProject } from '../scratch-project.ts'

async function metricsOf(said: string) {
  const text = `import { tandem } from 'tandem'\nexport default tandem({ metrics: ${said} })\n`
  await using project = await scratchProject({ 'tandem.ts': text })
  return (await loadConfig(project.dir)).config.metrics
}

test('whoever asks for no more listens at this machine alone', async () => {
  const { statsd, graphite } = await metricsOf('{ statsd: {}, graphite: {} }')
  const usual = {
    address: '127.0.0.1',
    idleMs: 3_600_000,
    seriesLimit: 20_000,
    receiveBufferBytes: 8 * 1024 ** 2,
    rules: [],
  }
  const buckets = { seconds: defaults.secondsBuckets, values: defaults.valuesBuckets }
  assert.deepEqual(statsd, { ...usual, port: 8125, flushMs: 10_000, buckets })
  assert.deepEqual(graphite, { ...usual, port: 2003, flushMs: 1_000 })
})

test('addresses are those of IPv4 and IPv6, with a port and without', async () => {
  const listens: Readonly<Record<string, readonly [string, number]>> = {
    '10.0.0.1': ['10.0.0.1', 8125],
    '10.0.0.1:9': ['10.0.0.1', 9],
    '::1': ['::1', 8125],
    '[::1]:9': ['::1', 9],
  }
  for (const [written, [address, port]] of Object.entries(listens)) {
    const { statsd } = await metricsOf(`{ statsd: '${written}' }`)
    assert.deepEqual([statsd?.address, statsd?.port], [address, port], written)
  }
})

test('names, buckets and limits are as they are said', async () => {
  const { statsd } = await metricsOf(`{
    statsd: {
      flush: '1s', idle: '1m', seriesLimit: 5, buffer: '1M', buckets: { seconds: [1, 2] },
      names: [{ match: 'shop.*.orders', name: 'orders', labels: { country: '$1' } }, { match: 'x', drop: true, buckets: [1] }],
    },
  }`)
  assert.deepEqual(statsd, {
    address: '127.0.0.1',
    port: 8125,
    flushMs: 1000,
    idleMs: 60_000,
    seriesLimit: 5,
    receiveBufferBytes: 1024 ** 2,
    buckets: { seconds: [1, 2], values: defaults.valuesBuckets },
    rules: [
      { match: 'shop.*.orders', name: 'orders', labels: { country: '$1' }, buckets: null, isDropped: false },
      { match: 'x', name: null, labels: {}, buckets: [1], isDropped: true },
    ],
  })
})

test('what cannot be listened at, and bounds that do not rise, are told with what to do', async () => {
  const wrong: Readonly<Record<string, RegExp>> = {
    "{ statsd: 'localhost' }": /metrics\.statsd is 'localhost' but must be an address of this machine/,
    "{ statsd: '10.0.0.1:99999' }": /metrics\.statsd is '10\.0\.0\.1:99999' but must be/,
    "{ graphite: { listen: '::1:9:x' } }": /metrics\.graphite\.listen is '::1:9:x' but must be/,
    '{ statsd: { buckets: { seconds: [1, 1] } } }':
      /metrics\.statsd\.buckets\.seconds is a list but must be numbers that rise/,
    '{ statsd: { buckets: { values: [] } } }':
      /metrics\.statsd\.buckets\.values is an empty list but must be numbers that rise/,
    "{ statsd: { buffer: '2G' } }":
      /metrics\.statsd\.buffer is '2G' but must be an amount of memory up to 1G/,
    '{ graphite: { buckets: {} } }': /unknown key 'buckets' in metrics\.graphite/,
    "{ statsd: { names: [{ name: 'x' }] } }": /metrics\.statsd\.names\[0\] has no 'match'/,
  }
  for (const [said, told] of Object.entries(wrong)) await assert.rejects(metricsOf(said), told, said)
})
