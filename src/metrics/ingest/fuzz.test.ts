import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type Random, seeded } from '../../../lab/random.ts'
import { labelsOf } from '../labels.ts'
import type { Parcel } from '../metrics-side.ts'
import { protocols } from '../thread/protocols.ts'
import { tryIntake } from '../try-intake.ts'
import { Exposition } from './exposition/exposition.ts'
import { otlpProtobuf } from './otlp/try-otlp.ts'
import { writeRequest } from './remote-write/write-request.ts'
import { compress } from './snappy/compress.ts'
import { Unreadable } from './unreadable.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)
const rounds = 1_500
/** What one body may make us hold beyond what it needs: far less than bodies claim. */
const heldLimitBytes = 192 * 2 ** 20

const written = writeRequest([
  { labels: labelsOf({ __name__: 'up', job: 'größe' }), times: [1, 2], values: [1, NaN], stale: [1] },
  {
    labels: labelsOf({ __name__: 'b', x: 'y'.repeat(70) }),
    times: [300_000_000_000],
    values: [-0.5],
    stale: null,
  },
])
const otlpJson = {
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeMetrics: [
        {
          metrics: [
            {
              name: 'a',
              unit: 's',
              gauge: {
                dataPoints: [
                  {
                    timeUnixNano: '5000000',
                    asDouble: 1,
                    attributes: [{ key: 'k', value: { arrayValue: { values: [{ intValue: '1' }] } } }],
                  },
                ],
              },
            },
            {
              name: 'h',
              histogram: {
                aggregationTemporality: 1,
                dataPoints: [{ count: '3', sum: 2, bucketCounts: ['1', '2'], explicitBounds: [1] }],
              },
            },
            {
              name: 'e',
              exponentialHistogram: {
                dataPoints: [{ count: 2, scale: 3, positive: { offset: -2, bucketCounts: ['1', '1'] } }],
              },
            },
            {
              name: 's',
              summary: { dataPoints: [{ count: 2, quantileValues: [{ quantile: 0.5, value: 1 }] }] },
            },
          ],
        },
      ],
    },
  ],
}
const exposition =
  '# HELP up is \\n it\n# TYPE up gauge\nup{job="a\\"b",x="größe"} 1 1700000000123\nup 0x1p-2\nb_total 3e-5 # {t="x"} 1\n# EOF\n'
const second = Buffer.from('2200220161220162', 'hex')

type Case = Readonly<{ protocol: string; contentType: string; body: Uint8Array }>

const cases: readonly Case[] = [
  { protocol: 'remote write', contentType: '', body: written },
  {
    protocol: 'remote write 2',
    contentType: '',
    body: Buffer.concat([second, Buffer.from('2a0f0a020102120909000000000000f03f', 'hex')]),
  },
  { protocol: 'otlp', contentType: 'application/json', body: Buffer.from(JSON.stringify(otlpJson)) },
  { protocol: 'otlp', contentType: 'application/x-protobuf', body: otlpProtobuf(otlpJson) },
  {
    protocol: 'push',
    contentType: 'application/x-www-form-urlencoded',
    body: Buffer.from('a 1&b x="c&d" y=2 3 1700000000&c{d="e"} NaN'),
  },
  {
    protocol: 'perfdata',
    contentType: '',
    body: Buffer.from("OK | 'a b'=1ms;10:20;@~:5;0;100 /=2MB;3;4\nlong | c=1c"),
  },
  { protocol: 'exposition', contentType: 'text/plain', body: Buffer.from(exposition) },
  { protocol: 'exposition', contentType: 'openmetrics', body: Buffer.from(exposition) },
]

const odd = [0, 0x22, 0x5c, 0x7b, 0x7d, 0x0a, 0x20, 0x2c, 0x3d, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x09]

function mutated(random: Random, body: Uint8Array): Uint8Array {
  const pieces = [...body]
  for (let count = random.between(1, 6); count > 0; count -= 1) {
    const at = random.between(0, pieces.length)
    const act = random.between(0, 5)
    if (act === 0) pieces[at] = random.between(0, 255)
    else if (act === 1) pieces.splice(at, random.between(1, 9))
    else if (act === 2) pieces.splice(at, 0, random.pick(odd))
    else if (act === 3) pieces.splice(at, 0, ...Array.from({ length: random.between(1, 11) }, () => 0xff))
    else if (act === 4) pieces.length = Math.min(pieces.length, at)
    else pieces.splice(at, 0, ...pieces.slice(random.between(0, at), at))
  }
  return Uint8Array.from(pieces)
}

function parcelOf({ protocol, contentType }: Case, body: Uint8Array, contentEncoding: string): Parcel {
  const honour = { labels: true, times: true }
  return {
    protocol,
    body,
    contentType,
    contentEncoding,
    sender: 'x',
    atMs: 1_000,
    labels: { check: 'c' },
    honour,
  }
}

type Read = (body: Uint8Array, contentEncoding: string) => unknown

function readerOf(each: Case): Read {
  const intake = tryIntake()
  if (each.protocol === 'exposition') {
    const limits = { samples: 1_000, labels: 64, nameLength: 500, valueLength: 4_000 }
    const reader = new Exposition(intake, { labels: [], honorLabels: false, honorTimestamps: true, limits })
    const format = each.contentType === 'openmetrics' ? 'openmetrics' : 'text'
    return (body) => reader.read(body, { format, atMs: 1_000 })
  }
  const make = protocols[each.protocol]
  assert.ok(make !== undefined, each.protocol)
  const reader = make(intake)
  return (body, contentEncoding) => reader(parcelOf(each, body, contentEncoding))
}

/** Reads it, or is told by the one failure that says that it cannot be. */
function tried(read: () => unknown, body: Uint8Array): boolean {
  try {
    read()
    return true
  } catch (thrown) {
    if (thrown instanceof Unreadable) return false
    throw new Error(`broke on ${Buffer.from(body).toString('base64')}`, { cause: thrown })
  }
}

describe(`whatever comes (SEED=${seed})`, () => {
  for (const each of cases)
    test(`${each.protocol} ${each.contentType} is read or refused, and nothing else`, () => {
      const random = seeded(seed)
      const read = readerOf(each)
      assert.ok(
        tried(() => read(each.body, 'identity'), each.body) || each.contentType === 'text/plain',
        'it is good before it is altered',
      )
      let refused = 0
      for (let round = 0; round < rounds; round += 1) {
        const body = mutated(random, each.body)
        if (!tried(() => read(body, 'identity'), body)) refused += 1
      }
      assert.ok(refused > 0)
    })

  test('packed bodies that are altered are unpacked or refused', () => {
    const random = seeded(seed)
    const read = readerOf({ protocol: 'remote write', contentType: '', body: written })
    const packed: readonly (readonly [string, Uint8Array])[] = [
      ['snappy', compress(written)],
      ['gzip', gzipSync(written)],
    ]
    for (const [encoding, whole] of packed)
      for (let round = 0; round < rounds; round += 1) {
        const body = mutated(random, whole)
        tried(() => read(body, encoding), body)
      }
  })

  const huge = Buffer.from('ffffffffffffffff7f', 'hex')
  const claims: readonly (readonly [string, string, string, Uint8Array])[] = [
    [
      'a length of 200 MB in snappy',
      'remote write',
      'snappy',
      Buffer.concat([Buffer.from('80c2d72f', 'hex'), Buffer.alloc(100, 1)]),
    ],
    ['200 MB in gzip', 'push', 'gzip', gzipSync(Buffer.alloc(200 * 2 ** 20))],
    ['a message of 2^62 bytes', 'remote write', 'identity', Buffer.concat([Buffer.from('0a', 'hex'), huge])],
    ['a list of 2^62 symbols', 'remote write 2', 'identity', Buffer.concat([Buffer.from('2a', 'hex'), huge])],
    ['a text of 2^62 bytes', 'otlp', 'identity', Buffer.concat([Buffer.from('0a', 'hex'), huge])],
  ]
  for (const [name, protocol, encoding, body] of claims)
    test(`who claims ${name} is refused before there is room for it`, () => {
      const read = readerOf({ protocol, contentType: '', body })
      const before = process.memoryUsage().rss
      assert.equal(
        tried(() => read(body, encoding), body),
        false,
      )
      assert.ok(process.memoryUsage().rss - before < heldLimitBytes)
    })

  test('bombs of labels are refused, series by series', () => {
    const bomb = writeRequest([
      {
        labels: labelsOf(
          Object.fromEntries(
            Array.from({ length: 5_000 }, (_, at) => [`l${at}`, 'x']).concat([['__name__', 'a']]),
          ),
        ),
        times: [1],
        values: [1],
        stale: null,
      },
    ])
    const read = readerOf({ protocol: 'remote write', contentType: '', body: bomb })
    assert.deepEqual((read(bomb, 'identity') as { refused: unknown }).refused, { 'labels out of bounds': 1 })
  })
})
