import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { tryHub } from '../../hub/metrics/try-intake-hub.ts'
import { otlpProtobuf } from '../../metrics/ingest/otlp/try-otlp.ts'

const json = { 'content-type': 'application/json' }
const protobuf = { 'content-type': 'application/x-protobuf' }

const request = (name: string, ms = Date.now()) => ({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeMetrics: [
        { metrics: [{ name, gauge: { dataPoints: [{ timeUnixNano: `${ms}000000`, asInt: '3' }] } }] },
      ],
    },
  ],
})

test('points of OpenTelemetry come in as JSON and as protocol buffers, packed or not, and are answered alike', async (t) => {
  const hub = await tryHub(t)
  const inJson = await hub.send('/v1/metrics', JSON.stringify(request('a')), json)
  assert.deepEqual(
    [inJson.status, inJson.headers.get('content-type'), await inJson.text()],
    [200, 'application/json', '{}'],
  )
  const packed = gzipSync(otlpProtobuf(request('b')))
  const inBytes = await hub.send('/api/v1/otlp/v1/metrics', packed, {
    ...protobuf,
    'content-encoding': 'gzip',
  })
  assert.deepEqual(
    [inBytes.status, inBytes.headers.get('content-type'), await inBytes.text()],
    [200, 'application/x-protobuf', ''],
  )
  assert.deepEqual(await hub.ask('{job="shop"}'), ['a{job="shop"} 3', 'b{job="shop"} 3'])
})

test('what is refused in part is told, and shall not come again', async (t) => {
  const hub = await tryHub(t)
  const old = request('a', 1_000)
  const inJson = await hub.send('/v1/metrics', JSON.stringify(old), json)
  const errorMessage = '1 of 1 samples were not taken: 1 too old'
  assert.equal(inJson.status, 200)
  assert.deepEqual(await inJson.json(), { partialSuccess: { rejectedDataPoints: '1', errorMessage } })
  const inBytes = await hub.send('/v1/metrics', otlpProtobuf(old), protobuf)
  const bytes = Buffer.from(await inBytes.arrayBuffer())
  assert.deepEqual([...bytes.subarray(0, 6)], [0x0a, bytes.length - 2, 0x08, 1, 0x12, errorMessage.length])
  assert.equal(bytes.subarray(6).toString(), errorMessage)
})

test('what cannot be read is refused in the form it came in', async (t) => {
  const hub = await tryHub(t)
  const inJson = await hub.send('/v1/metrics', '{', json)
  assert.equal(inJson.status, 400)
  assert.match(((await inJson.json()) as { message: string }).message, /^the body is not JSON/)
  const inBytes = await hub.send('/v1/metrics', Buffer.from([0x0a, 0xff]), protobuf)
  assert.deepEqual([inBytes.status, inBytes.headers.get('content-type')], [400, 'application/x-protobuf'])
  const bomb = await hub.send('/v1/metrics', gzipSync(Buffer.alloc(21 * 2 ** 20, ' ')), {
    ...json,
    'content-encoding': 'gzip',
  })
  assert.equal(bomb.status, 413)
  assert.equal((await hub.send('/v1/metrics', 'x', { 'content-type': 'text/plain' })).status, 415)
})
