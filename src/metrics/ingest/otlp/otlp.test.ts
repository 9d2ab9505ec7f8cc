import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { labelsOf } from '../../labels.ts'
import { tryIntake } from '../../try-intake.ts'
import { Unreadable } from '../unreadable.ts'
import { labelNameOf, metricNameOf, unitWords } from './names.ts'
import { Otlp } from './otlp.ts'
import { readOtlpJson } from './read-json.ts'
import { readOtlpProtobuf } from './read-protobuf.ts'
import { otlpProtobuf } from './try-otlp.ts'

const limits = { labels: 10, nameLength: 60, valueLength: 60 }
const nano = (ms: number): string => `${ms}000000`

type Json = Readonly<Record<string, unknown>>

const attribute = (key: string, stringValue: string): Json => ({ key, value: { stringValue } })

const request = (metrics: readonly Json[], resource: readonly Json[] = []): Json => ({
  resourceMetrics: [
    { resource: { attributes: resource }, scopeMetrics: [{ scope: { name: 'x' }, metrics }] },
  ],
})

/** Takes requests one after the other, as JSON or as protocol buffers, which must come to the same. */
function take(...requests: readonly Json[]) {
  const [intake, other] = [tryIntake(), tryIntake()]
  const options = { labels: [], limits }
  const [otlp, twin] = [new Otlp(intake, options), new Otlp(other, options)]
  const receipts = requests.map((each) => {
    const receipt = otlp.take(readOtlpJson(Buffer.from(JSON.stringify(each))), 77)
    assert.deepEqual(twin.take(readOtlpProtobuf(otlpProtobuf(each)), 77), receipt)
    return receipt
  })
  assert.deepEqual(other.lines(), intake.lines())
  assert.deepEqual(other.described, intake.described)
  return { lines: intake.lines(), receipt: receipts.at(-1), intake }
}

describe('OTLP', () => {
  test('takes gauges and sums of all kinds of numbers', () => {
    const { lines, receipt, intake } = take(
      request([
        {
          name: 'queue.length',
          description: 'how long',
          unit: '{jobs}',
          gauge: {
            dataPoints: [
              { timeUnixNano: nano(5), asInt: '-7' },
              { timeUnixNano: nano(6), asDouble: 0.5, attributes: [attribute('queue.name', 'mail')] },
            ],
          },
        },
        {
          name: 'http.requests',
          unit: '1',
          sum: {
            aggregationTemporality: 2,
            isMonotonic: true,
            dataPoints: [{ timeUnixNano: nano(5), asInt: 12 }],
          },
        },
        {
          name: 'open',
          sum: { aggregationTemporality: 2, isMonotonic: false, dataPoints: [{ asInt: '3' }] },
        },
        {
          name: 'cpu.utilization',
          unit: '1',
          gauge: { dataPoints: [{ timeUnixNano: nano(5), asDouble: 0.25 }] },
        },
        { name: 'empty.gauge', gauge: {} },
        { name: 'nothing' },
      ]),
    )
    assert.deepEqual(lines, [
      'queue_length -7 @5',
      'queue_length{queue_name="mail"} 0.5 @6',
      'http_requests_total 12 @5',
      'open 3 @77',
      'cpu_utilization_ratio 0.25 @5',
    ])
    assert.deepEqual(receipt, { samples: 5, taken: 5, refused: {} })
    assert.deepEqual(intake.described.get('queue_length'), { type: 'gauge', help: 'how long', unit: '' })
    assert.equal(intake.described.get('http_requests_total')?.type, 'counter')
    assert.equal(intake.described.get('open')?.type, 'gauge')
  })

  test('makes buckets of histograms, also of exponential ones, and quantiles of summaries', () => {
    const histogram = {
      aggregationTemporality: 2,
      dataPoints: [
        {
          timeUnixNano: nano(1),
          count: '6',
          sum: 7.5,
          bucketCounts: ['1', '2', '3'],
          explicitBounds: [0.1, 1],
        },
      ],
    }
    const exponential = {
      aggregationTemporality: 2,
      dataPoints: [
        {
          timeUnixNano: nano(1),
          count: 10,
          sum: 3,
          scale: 2,
          zeroCount: 1,
          positive: { offset: -4, bucketCounts: ['1', '1', '1', '1', '2'] },
          negative: { offset: 0, bucketCounts: [3] },
        },
      ],
    }
    const summary = {
      dataPoints: [
        {
          timeUnixNano: nano(1),
          count: 4,
          sum: 8,
          quantileValues: [
            { quantile: 0.5, value: 2 },
            { quantile: 1, value: 3 },
          ],
        },
      ],
    }
    const { lines } = take(
      request([
        { name: 'a', unit: 's', histogram },
        { name: 'b', exponentialHistogram: exponential },
        { name: 'c', summary },
      ]),
    )
    assert.deepEqual(lines, [
      'a_seconds_count 6 @1',
      'a_seconds_sum 7.5 @1',
      'a_seconds_bucket{le="0.1"} 1 @1',
      'a_seconds_bucket{le="1"} 3 @1',
      'a_seconds_bucket{le="+Inf"} 6 @1',
      'b_count 10 @1',
      'b_sum 3 @1',
      'b_bucket{le="-1"} 3 @1',
      'b_bucket{le="0"} 4 @1',
      'b_bucket{le="0.7071067811865476"} 6 @1',
      'b_bucket{le="1"} 8 @1',
      'b_bucket{le="1.4142135623730951"} 10 @1',
      'b_bucket{le="+Inf"} 10 @1',
      'c_count 4 @1',
      'c_sum 8 @1',
      'c{quantile="0.5"} 2 @1',
      'c{quantile="1"} 3 @1',
    ])
  })

  test('adds up deltas, and refuses those that come late', () => {
    const delta = (ms: number, asInt: number): Json =>
      request([
        {
          name: 'hits',
          sum: {
            aggregationTemporality: 1,
            isMonotonic: true,
            dataPoints: [{ timeUnixNano: nano(ms), asInt }],
          },
        },
      ])
    const { lines, receipt } = take(delta(10, 5), delta(20, 0), delta(30, 7), delta(20, 100))
    assert.deepEqual(lines, ['hits_total 5 @10', 'hits_total 5 @20', 'hits_total 12 @30'])
    assert.deepEqual(receipt, { samples: 1, taken: 0, refused: { 'too old': 1 } })
    const buckets = (ms: number): Json =>
      request([
        {
          name: 'h',
          histogram: {
            aggregationTemporality: 1,
            dataPoints: [
              { timeUnixNano: nano(ms), count: 2, sum: 3, bucketCounts: [1, 1], explicitBounds: [1] },
            ],
          },
        },
      ])
    assert.deepEqual(take(buckets(1), buckets(2)).lines.slice(4), [
      'h_count 4 @2',
      'h_sum 6 @2',
      'h_bucket{le="1"} 2 @2',
      'h_bucket{le="+Inf"} 4 @2',
    ])
  })

  test('knows who sends: job, instance, target_info, and the labels of this house', () => {
    const metrics = [
      {
        name: 'up',
        gauge: { dataPoints: [{ timeUnixNano: nano(9), asInt: 1, attributes: [attribute('job', 'other')] }] },
      },
    ]
    const resource = [
      attribute('service.name', 'shop'),
      attribute('service.namespace', 'web'),
      attribute('service.instance.id', 'i-1'),
      attribute('host.name', 'web1'),
      attribute('service.version', '1.2'),
      attribute('deployment.environment.name', 'production'),
    ]
    assert.deepEqual(take(request(metrics, resource)).lines, [
      'up{env="production",host="web1",instance="i-1",job="web/shop",release="1.2"} 1 @9',
      'target_info{deployment_environment_name="production",host_name="web1",instance="i-1",job="web/shop",service_version="1.2"} 1 @9',
    ])
    assert.deepEqual(take(request(metrics, [attribute('process.pid', '1')])).lines, ['up{job="other"} 1 @9'])
  })

  test('makes a text of every attribute, and one label of two that have the same name', () => {
    const values: readonly (readonly [Json, string])[] = [
      [{ stringValue: 'x' }, 'x'],
      [{ boolValue: true }, 'true'],
      [{ intValue: '-5' }, '-5'],
      [{ doubleValue: 0.5 }, '0.5'],
      [{ bytesValue: 'aGk=' }, 'aGk='],
      [{ arrayValue: { values: [{ stringValue: 'a' }, { intValue: 1 }] } }, '["a",1]'],
      [{ kvlistValue: { values: [{ key: 'k', value: { boolValue: false } }] } }, '{"k":false}'],
    ]
    for (const [value, text] of values) {
      const { intake } = take(
        request([{ name: 'a', gauge: { dataPoints: [{ attributes: [{ key: 'v', value }] }] } }]),
      )
      assert.deepEqual(intake.samples()[0]?.labels, labelsOf({ __name__: 'a', v: text }))
    }
    const twice = [attribute('a.b', '1'), attribute('a_b', '2')]
    assert.deepEqual(take(request([{ name: 'a', gauge: { dataPoints: [{ attributes: twice }] } }])).lines, [
      'a{a_b="1;2"} 0 @77',
    ])
  })

  test('ends series, and refuses points that say too much', () => {
    const many = Array.from({ length: 11 }, (_, at) => attribute(`l${at}`, 'x'))
    const bounds = Array.from({ length: 600 }, (_, at) => at)
    const { lines, receipt } = take(
      request([
        { name: 'a', gauge: { dataPoints: [{ timeUnixNano: nano(3), flags: 1 }, { attributes: many }] } },
        {
          name: 'b',
          histogram: {
            aggregationTemporality: 2,
            dataPoints: [{ count: 1, explicitBounds: bounds, bucketCounts: [] }],
          },
        },
        { name: '', gauge: { dataPoints: [{}] } },
      ]),
    )
    assert.deepEqual(lines, ['a stale @3'])
    assert.deepEqual(receipt, {
      samples: 4,
      taken: 1,
      refused: { 'labels out of bounds': 1, 'too many buckets': 1, 'no name': 1 },
    })
  })

  const faults: readonly (readonly [string, RegExp])[] = [
    ['{', /^the body is not JSON: /],
    ['[]', /^the body: expected an object$/],
    ['{"resourceMetrics":{}}', /^resourceMetrics: expected a list$/],
    ['{"resourceMetrics":[1]}', /^resourceMetrics: expected an object$/],
    [JSON.stringify(request([{ name: 1, gauge: {} }])), /^name: expected a text$/],
    [
      JSON.stringify(request([{ name: 'a', gauge: { dataPoints: [{ asDouble: 'x' }] } }])),
      /^asDouble: expected a number$/,
    ],
    [
      JSON.stringify(request([{ name: 'a', histogram: { dataPoints: [{ bucketCounts: 1 }] } }])),
      /^bucketCounts: expected a list of numbers$/,
    ],
  ]
  for (const [text, fault] of faults)
    test(`refuses ${text.slice(0, 60)}`, () =>
      assert.throws(
        () => readOtlpJson(Buffer.from(text)),
        (thrown) => thrown instanceof Unreadable && fault.test(thrown.message),
      ))

  test('refuses attributes that lie too deep in each other', () => {
    let value: Json = { stringValue: 'x' }
    for (let depth = 0; depth < 12; depth += 1) value = { arrayValue: { values: [value] } }
    const deep = request([{ name: 'a', gauge: { dataPoints: [{ attributes: [{ key: 'v', value }] }] } }])
    assert.throws(() => readOtlpJson(Buffer.from(JSON.stringify(deep))), /more than 8 levels deep/)
    assert.throws(() => readOtlpProtobuf(otlpProtobuf(deep)), /more than 8 levels deep/)
  })
})

describe('names of OpenTelemetry', () => {
  const names: readonly (readonly [
    name: string,
    unit: string,
    kind: string,
    isMonotonic: boolean,
    wanted: string,
  ])[] = [
    ['http.server.duration', 'ms', 'histogram', false, 'http_server_duration_milliseconds'],
    ['system.network.io', 'By', 'sum', true, 'system_network_io_bytes_total'],
    ['disk.bytes', 'By', 'gauge', false, 'disk_bytes'],
    ['requests_total', '1', 'sum', true, 'requests_total'],
    ['total.requests', '{requests}', 'sum', true, 'requests_total'],
    ['speed', 'm/s', 'gauge', false, 'speed_meters_per_second'],
    ['packets', '{packet}/s', 'gauge', false, 'packets_per_second'],
    ['used', '%', 'gauge', false, 'used_percent'],
    ['a--b..c', 'widgets', 'gauge', false, 'a_b_c_widgets'],
    ['2xx', '', 'sum', true, '_2xx_total'],
  ]
  for (const [name, unit, kind, isMonotonic, wanted] of names)
    test(`${name} in ${unit === '' ? 'no unit' : unit} is ${wanted}`, () =>
      assert.equal(metricNameOf({ name, unit, kind, isMonotonic }), wanted))

  test('labels and units', () => {
    assert.deepEqual(['a.b', '1a', '_a', '__a', 'é'].map(labelNameOf), [
      'a_b',
      'key_1a',
      'key_a',
      '__a',
      'key_',
    ])
    assert.deepEqual(['s', '1', '', '{x}', 'By/s', 'toString'].map(unitWords), [
      'seconds',
      '',
      '',
      '',
      'bytes_per_second',
      'toString',
    ])
  })
})
