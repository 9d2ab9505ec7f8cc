import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seeded } from '../../../lab/random.ts'
import { Faults } from '../lines/fault.ts'
import { flushReader } from '../lines/flush.ts'
import { linesOf } from '../lines/lines-of.ts'
import { Outbox } from '../lines/outbox.ts'
import { tryIntake } from '../try-intake.ts'
import { Points, type PointsOptions } from './points.ts'

function pointing(options: Partial<PointsOptions> = {}) {
  const [outbox, faults, intake] = [new Outbox(), new Faults(), tryIntake()]
  const points = new Points(
    { rules: [], seriesLimit: 100, idleFlushes: 2, ...options },
    { outbox, faults, now: () => 99_000 },
  )
  const read = flushReader(intake)
  return {
    points,
    faults,
    take: (text: string | Uint8Array) =>
      linesOf(Buffer.from(text), (bytes, from, to) => points.take(bytes, from, to)),
    flush: (): readonly string[] => {
      const before = intake.lines().length
      points.flush()
      read(outbox.take())
      return intake.lines().slice(before)
    },
  }
}

test('points are kept at their times, and those without one at this', () => {
  const { take, flush } = pointing()
  take('servers.web-1.load 0.5 17\nservers.web-1.load\t 1.5  18.25\r\nnow 1 -1\nplain 2\n')
  assert.deepEqual(flush(), [
    'servers_web_1_load 0.5 @17000',
    'servers_web_1_load 1.5 @18250',
    'now 1 @99000',
    'plain 2 @99000',
  ])
})

test('tags and rules make labels', () => {
  const rule = {
    match: 'servers.*.load',
    name: 'load',
    labels: { host: '$1' },
    buckets: null,
    isDropped: false,
  }
  const { take, flush } = pointing({ rules: [rule, { ...rule, match: 'noise', isDropped: true }] })
  take('servers.a.load 1 1\ndisk.used;host=a;mount=/var 2 2\nnoise 1 1\nnoise 1 1\n')
  assert.deepEqual(flush(), ['load{host="a"} 1 @1000', 'disk_used{host="a",mount="/var"} 2 @2000'])
})

test('what is wrong is counted by what it is', () => {
  const { take, flush, faults } = pointing()
  take('a\na x 1\na 1 x\na 1 -2\na nan 1\na 1 1 1\n a 1 1\na 1 0\n')
  assert.deepEqual(
    [...faults.counts()],
    [
      ['shape', 3],
      ['number', 2],
      ['time', 3],
    ],
  )
  assert.deepEqual(flush(), [])
})

test('too many paths are refused, until others are silent', () => {
  const { take, flush, faults, points } = pointing({ seriesLimit: 2 })
  take('a 1 1\nb 1 1\nc 1 1\n')
  assert.deepEqual([...faults.counts()], [['too many series', 1]])
  assert.equal(flush().length, 2)
  take('a 1 2\n')
  flush()
  take('a 1 3\n')
  flush()
  assert.equal(points.series, 1)
  take('c 1 4\n')
  assert.deepEqual(flush(), ['c 1 @4000'])
})

test('any bytes harm nobody', (t) => {
  const random = seeded(Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000))
  t.diagnostic(`TANDEM_SEED=${random.seed}`)
  const { take, flush } = pointing({ seriesLimit: 1000 })
  let sent = 0
  for (let packet = 0; packet < 2_000; packet += 1) {
    const noise = Uint8Array.from({ length: random.between(0, 200) }, () =>
      random.pick([0, 9, 10, 32, 45, 46, 49, 59, 61, 97, 255]),
    )
    take(Buffer.concat([noise, Buffer.from(`\ngood ${packet} ${packet + 1}\n`)]))
    if (packet % 100 === 99) sent += flush().filter((line) => line.startsWith('good ')).length
  }
  assert.equal(sent, 2_000, `TANDEM_SEED=${random.seed}`)
})
