import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seeded } from '../../../lab/random.ts'
import type { NameRule } from '../../config/metrics/wires.ts'
import { Faults } from '../lines/fault.ts'
import { flushReader } from '../lines/flush.ts'
import { linesOf } from '../lines/lines-of.ts'
import { Outbox } from '../lines/outbox.ts'
import { tryIntake } from '../try-intake.ts'
import type { Event } from './said.ts'
import { takeStatsd } from './take-statsd.ts'
import { Tally, type TallyOptions } from './tally.ts'

const usual: TallyOptions = {
  rules: [],
  bounds: { seconds: [0.1, 1], values: [10, 100] },
  seriesLimit: 1000,
  idleFlushes: 3,
}

function tallying(options: Partial<TallyOptions> = {}) {
  const [outbox, faults, intake] = [new Outbox(), new Faults(), tryIntake()]
  const tally = new Tally({ ...usual, ...options }, { outbox, faults, nowMs: 0 })
  const events: Event[] = []
  const takeLine = takeStatsd(tally, { faults, now: () => 5, tell: (event) => events.push(event) <= 2 })
  const read = flushReader(intake)
  let seen = 0
  return {
    tally,
    faults,
    events,
    intake,
    take: (text: string | Uint8Array) => linesOf(Buffer.from(text), takeLine),
    /** What this flush sent. */
    flush: (ms: number): readonly string[] => {
      tally.flush(ms)
      read(outbox.take())
      const lines = intake.lines().slice(seen)
      seen = intake.lines().length
      return lines
    },
  }
}

const rule = (match: string, over: Partial<NameRule>): NameRule => ({
  match,
  name: null,
  labels: {},
  buckets: null,
  isDropped: false,
  ...over,
})

describe('counters', () => {
  test('are running totals, and were nothing before their first count', () => {
    const { take, flush } = tallying()
    take('shop.orders:3|c\nshop.orders:1|c|@0.1')
    assert.deepEqual(flush(10), ['shop_orders_total 0 @0', 'shop_orders_total 13 @10'])
    assert.deepEqual(flush(20), ['shop_orders_total 13 @20'])
    take('shop.orders:1:2:3|c')
    assert.deepEqual(flush(30), ['shop_orders_total 19 @30'])
  })

  test('go up only, and through a rate that is one', () => {
    const { take, flush, faults } = tallying()
    take('a:-1|c\na:1|c|@0\na:1|c|@1.5\na:1|c|@x')
    assert.deepEqual(
      [...faults.counts()],
      [
        ['negative count', 1],
        ['rate', 3],
      ],
    )
    assert.deepEqual(flush(10), ['a_total 0 @0', 'a_total 0 @10'])
  })

  test('keep a name that says total already', () => {
    const { take, flush } = tallying()
    take('a_total:1|c')
    assert.deepEqual(flush(10).at(-1), 'a_total 1 @10')
  })
})

describe('gauges', () => {
  test('are set, and moved by a sign', () => {
    const { take, flush } = tallying()
    take('q:10|g\nq:+4|g\nq:-2|g')
    assert.deepEqual(flush(10), ['q 12 @10'])
    take('q:-20|g')
    assert.deepEqual(flush(20), ['q -8 @20'])
    take('q:7:9|g')
    assert.deepEqual(flush(30), ['q 9 @30'])
  })

  test('begin at nothing when they are moved first', () => {
    const { take, flush } = tallying()
    take('q:-2|g')
    assert.deepEqual(flush(10), ['q -2 @10'])
  })

  test('with a time are of that time, and do not go on', () => {
    const { take, flush } = tallying()
    take('q:5|g|T3\nq:6|g|T4')
    assert.deepEqual(flush(10), ['q 5 @3000', 'q 6 @4000'])
    assert.deepEqual(flush(20), [])
  })
})

describe('histograms', () => {
  test('of timers are in seconds, and each sample counts for all it stands for', () => {
    const { take, flush } = tallying()
    take('shop.checkout_ms:100|ms\nshop.checkout_ms:250:2000|ms|@0.5')
    assert.deepEqual(flush(10).slice(5), [
      'shop_checkout_seconds_bucket{le="0.1"} 1 @10',
      'shop_checkout_seconds_bucket{le="1"} 3 @10',
      'shop_checkout_seconds_bucket{le="+Inf"} 5 @10',
      'shop_checkout_seconds_sum 4.6 @10',
      'shop_checkout_seconds_count 5 @10',
    ])
  })

  test('of values are as they are, and distributions are the same', () => {
    const { take, flush } = tallying()
    take('size:5|h|#le:x\nsize:50|d|#le:x')
    assert.deepEqual(flush(10).slice(5, 7), [
      'size_bucket{exported_le="x",le="10"} 1 @10',
      'size_bucket{exported_le="x",le="100"} 2 @10',
    ])
  })
})

test('sets tell how many different ones there were since the flush before', () => {
  const { take, flush } = tallying()
  take('users:ann|s\nusers:bob|s\nusers:ann|s')
  assert.deepEqual(flush(10), ['users 2 @10'])
  assert.deepEqual(flush(20), ['users 0 @20'])
})

describe('names', () => {
  test('and tags become what Prometheus takes, wherever the tags stand', () => {
    const { take, flush } = tallying()
    take('7.über-fast,env=prod;host=a:1|g|#country:CH,vip,__name__:x,9:y:z|c:1234')
    assert.deepEqual(flush(10), [
      '_7_ber_fast{_9="y:z",country="CH",env="prod",host="a",name__="x",vip="true"} 1 @10',
    ])
  })

  test('are one, however their tags are ordered', () => {
    const { take, flush, tally } = tallying()
    take('a:1|c|#x:1,y:2\na:1|c|#y:2,x:1')
    assert.deepEqual(flush(10).at(-1), 'a_total{x="1",y="2"} 2 @10')
    assert.equal(tally.series, 1)
  })

  test('are altered or dropped by the first rule that fits', () => {
    const rules = [
      rule('shop.*.orders', { name: 'orders', labels: { country: '$1' } }),
      rule('noise.*', { isDropped: true }),
      rule('slow', { buckets: [60] }),
    ]
    const { take, flush, tally } = tallying({ rules })
    take('shop.ch.orders:1|c\nshop.a.b.orders:1|g\nnoise.x:1|c\nnoise.x:1|c\nslow:1|ms')
    assert.deepEqual(
      flush(10).filter((line) => line.endsWith('@10')),
      [
        'orders_total{country="ch"} 1 @10',
        'shop_a_b_orders 1 @10',
        'slow_seconds_bucket{le="60"} 1 @10',
        'slow_seconds_bucket{le="+Inf"} 1 @10',
        'slow_seconds_sum 0.001 @10',
        'slow_seconds_count 1 @10',
      ],
    )
    assert.equal(tally.series, 6)
  })

  test('of two kinds are not mixed', () => {
    const { take, faults } = tallying()
    take('a_total:1|g\na:1|c')
    assert.deepEqual([...faults.counts()], [['another type', 1]])
  })
})

describe('limits', () => {
  test('refuse newcomers, and keep who is there', () => {
    const { take, flush, faults } = tallying({ seriesLimit: 3 })
    take('a:1|c\nb:1|g\nc:1|ms\nd:1|s\ne:1|c\na:1|c')
    assert.deepEqual([...faults.counts()], [['too many series', 2]])
    assert.deepEqual(flush(10).slice(-3), ['a_total 2 @10', 'b 1 @10', 'd 1 @10'])
  })

  test('do not let spellings of one metric grow without end', () => {
    const { take, faults, flush } = tallying({ seriesLimit: 10 })
    for (let nth = 0; nth < 50; nth += 1) take(`a:1|c|#x:1${','.repeat(nth)}`)
    assert.deepEqual([...faults.counts()], [['too many series', 10]])
    flush(10)
    take('b:1|g')
    assert.deepEqual([...faults.counts()], [['too many series', 11]])
  })

  test('series that nobody speaks of end, and begin anew', () => {
    const { take, flush, tally } = tallying()
    take('a:1|c\nb:1|g')
    flush(10)
    take('b:2|g')
    flush(20)
    flush(30)
    assert.deepEqual(flush(40), ['a_total stale @40', 'b 2 @40'])
    assert.equal(tally.series, 1)
    take('a:5|c')
    assert.deepEqual(flush(50), ['a_total 0 @40', 'a_total 5 @50', 'b stale @50'])
  })
})

describe('what is said beside metrics', () => {
  test('is an event, with anything in its title and text', () => {
    const { take, events, faults } = tallying()
    const [title, text] = ['Größe | 2', String.raw`one|d:9\ntwo`]
    take(
      `_e{${Buffer.byteLength(title)},${Buffer.byteLength(text)}}:${title}|${text}|d:7|h:db1|t:error|s:backup|#env:prod,x`,
    )
    assert.deepEqual(events, [
      {
        atMs: 7000,
        title,
        text: 'one|d:9\ntwo',
        host: 'db1',
        source: 'backup',
        kind: 'error',
        tags: { env: 'prod', x: 'true' },
      },
    ])
    take('_e{1,0}:a|\n_e{1,0}:b|')
    assert.equal(events[1]?.atMs, 5)
    assert.deepEqual([...faults.counts()], [['too many events', 1]])
  })

  test('is refused where its lengths lie', () => {
    const { take, faults } = tallying()
    take('_e{9,9}:a|b\n_e{1,1}:ab|c\n_e{0,0}:|\n_e{1,1}:a|bc\n_e:a|b\n_e{1,1}:a|b|d:x')
    assert.deepEqual(
      [...faults.counts()],
      [
        ['shape', 5],
        ['time', 1],
      ],
    )
  })

  test('is the status of a check, which is a gauge', () => {
    const { take, flush, faults } = tallying()
    take('_sc|db up|0|h:db1|#env:prod|m:all|h:well\n_sc|db up|2|h:db1|#env:prod\n_sc|x|4\n_sc|x')
    assert.deepEqual(flush(10), ['service_check_status{check="db up",env="prod",host="db1"} 2 @10'])
    assert.deepEqual([...faults.counts()], [['shape', 2]])
  })
})

describe('garbage', () => {
  test('is told by what is wrong with it', () => {
    const { take, faults } = tallying()
    take('no\na:1\n:1|c\na:|c\na:x|g\na:1|q\na:1|\na:1|cc\na:1|mz\na:1|g|Tx')
    assert.deepEqual(
      [...faults.counts()],
      [
        ['shape', 3],
        ['number', 2],
        ['type', 4],
        ['time', 1],
      ],
    )
  })

  test('of any bytes harms nobody, and good lines between it are counted', (t) => {
    const random = seeded(Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000))
    t.diagnostic(`TANDEM_SEED=${random.seed}`)
    const { take, flush, intake } = tallying({ seriesLimit: 300 })
    const pieces = [
      'a',
      ':',
      '|',
      'c',
      'ms',
      'g',
      's',
      '@',
      '#',
      ',',
      '=',
      '1',
      '-',
      '.5',
      '_e{',
      '}',
      '_sc|',
      '\n',
      '\0',
      '\xff',
    ]
    for (let packet = 1; packet <= 3_000; packet += 1) {
      const noise = Array.from({ length: random.between(0, 60) }, () => random.pick(pieces)).join('')
      const binary = Uint8Array.from({ length: random.between(0, 60) }, () => random.between(0, 255))
      if (packet === 1) take('good.one:1|c')
      take(
        Buffer.concat([
          Buffer.from(noise, 'latin1'),
          binary,
          Buffer.from('\ngood.one:1|c\n'),
          Buffer.from(noise, 'latin1'),
        ]),
      )
      if (packet % 500 === 0) flush(packet)
    }
    flush(4_000)
    const good = intake.lines().filter((line) => line.startsWith('good_one_total '))
    assert.equal(good.at(-1), 'good_one_total 3001 @4000', `TANDEM_SEED=${random.seed}`)
    for (const { value } of intake.samples()) assert.ok(Number.isFinite(value), `TANDEM_SEED=${random.seed}`)
  })

  test('of 64 KiB in one packet takes no longer than it is', () => {
    const { take } = tallying()
    const began = process.cpuUsage()
    for (let packet = 0; packet < 100; packet += 1) take('a\n'.repeat(32_768))
    for (let packet = 0; packet < 100; packet += 1) take('a:'.repeat(32_768))
    assert.ok(process.cpuUsage(began).user < 5_000_000)
  })
})
