import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Random, seeded } from '../../../../lab/random.ts'
import type { Summaries } from '../../summaries.ts'
import { fresh } from '../arena.ts'
import { ByteReader, ByteWriter } from '../codec/bytes.ts'
import type { Piece } from '../cut.ts'
import { noScrapes, realRuns } from '../try-runs.ts'
import { readRolled, readStretchTimes, writeRolled, writeStretchTimes } from './columns.ts'
import { type Rolled, summarize } from './summarize.ts'

const minute = 60_000
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)

const piece = (samples: readonly (readonly [number, number])[], stale: readonly number[] = []): Piece => ({
  times: Float64Array.from(samples, ([ms]) => ms),
  values: Float64Array.from(samples, ([, value]) => value),
  stale: stale.length === 0 ? null : Int32Array.from(stale),
})

const plain = ({ columns, ends }: Rolled): unknown => ({
  ...Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column]])),
  ends: [...ends],
})

describe('the summaries of a series', () => {
  test('say what was in each stretch, which begins at a multiple of its length', () => {
    const samples = [
      [0, 5],
      [59_999, 2],
      [60_000, 0.1],
      [61_000, 0.2],
      [62_000, 0],
    ] as const
    assert.deepEqual(plain(summarize(piece(samples), minute)), {
      firstTimes: [0, 60_000],
      firsts: [5, 0.1],
      lastTimes: [59_999, 62_000],
      lasts: [2, 0],
      counts: [2, 3],
      sums: [7, 0.3],
      least: [2, 0],
      greatest: [5, 0.2],
      falls: [1, 1],
      lost: [5, 0.2],
      ends: [],
    })
  })

  test('leave markers out, and say when a series had ended at the end of a stretch', () => {
    const samples = [
      [0, 1],
      [10_000, 9],
      [20_000, 3],
      [70_000, 4],
      [80_000, 9],
      [130_000, 9],
    ] as const
    const { columns, ends } = summarize(piece(samples, [1, 4, 5]), minute)
    assert.deepEqual([...columns.counts], [2, 1])
    assert.deepEqual([...columns.sums], [4, 4])
    assert.deepEqual([...columns.greatest], [3, 4])
    assert.deepEqual([...ends], [80_000, 130_000], 'the first was taken up again in its minute')
  })

  test('are NaN only where there is nothing else', () => {
    const samples = [NaN, 3, NaN, NaN].map((value, nth) => [nth * 30_000, value] as const)
    const { columns } = summarize(piece(samples), minute)
    assert.deepEqual([...columns.least], [3, NaN])
    assert.deepEqual([...columns.greatest], [3, NaN])
    assert.deepEqual([...columns.sums], [NaN, NaN])
  })

  test(`come back bit by bit (SEED=${seed})`, () => {
    const random = seeded(seed)
    for (let round = 0; round < 300; round += 1) assertKept(summarize(drawn(random), minute))
  })

  test('come back bit by bit from real scrapes', { skip: noScrapes }, () => {
    for (const run of realRuns())
      for (const length of [minute, 60 * minute]) assertKept(summarize(run, length))
  })
})

function assertKept(rolled: Rolled): void {
  const [times, values] = [new ByteWriter(), new ByteWriter()]
  writeStretchTimes(rolled.columns, times)
  writeRolled(rolled, values, fresh)
  const readTimes = readStretchTimes(new ByteReader(times.bytes()), rolled.columns.counts.length)
  const reader = new ByteReader(values.bytes())
  const read = readRolled(reader, readTimes)
  assert.ok(reader.isAtEnd)
  for (const name of Object.keys(rolled.columns) as (keyof Summaries)[]) {
    const [written, back] = [rolled.columns[name], read.columns[name]]
    assert.equal(back.length, written.length)
    assert.ok(
      written.every((value, at) => Object.is(value, back[at])),
      name,
    )
  }
  assert.deepEqual(read.ends, rolled.ends)
}

function drawn(random: Random): Piece {
  const kind = random.between(0, 3)
  let value = random.between(0, 100)
  const samples = Array.from({ length: random.between(0, 60) }, (_, nth) => {
    if (kind === 1) value += random.between(0, 5)
    if (kind === 2) value = random.pick([0.1, 3.7, -0, NaN, Infinity, 1e300, -12.25])
    if (kind === 3) value = Math.sin(nth * 1.7)
    if (random.between(0, 20) === 0) value = 0
    return [nth * 7000 + random.between(0, 6999), value] as const
  })
  return piece(
    samples,
    [...samples.keys()].filter(() => random.between(0, 20) === 0),
  )
}
