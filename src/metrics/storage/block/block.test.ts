import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { seeded } from '../../../../lab/random.ts'
import { type Labels, labelsOf } from '../../labels.ts'
import type { Run } from '../../source.ts'
import { noScrapes, realRuns, sameRun } from '../try-runs.ts'
import { fresh } from '../arena.ts'
import { noPiece } from '../join.ts'
import { PartCache } from './part-cache.ts'
import { Block } from './read-block.ts'
import { BrokenBlock } from './series-file.ts'
import { writeBlock } from './write-block.ts'

const always = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER - 1 }
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)

describe('a block', () => {
  let folder: string
  let path: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-block-'))
    path = join(folder, 'block')
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const opened = <T>(work: (block: Block, labels: readonly Labels[]) => T): T => {
    const labels: Labels[] = []
    const block = new Block(path, {
      cache: new PartCache(2 ** 20),
      numberOf: (each) => labels.push(each) - 1,
    })
    try {
      return work(block, labels)
    } finally {
      block.close()
    }
  }
  const readAll = (block: Block, labels: readonly Labels[], span = always): readonly Run[] =>
    labels.map((each, number) => ({ labels: each, ...(block.read(number, span, fresh) ?? noPiece) }))

  test('gives back what was written, and any part of it', async () => {
    const runs = madeUp(300)
    const written = writeBlock(path, runs)
    assert.deepEqual(readdirSync(folder), ['block'])
    assert.equal(written.bytes, readFileSync(path).length)
    opened((block, labels) => {
      assert.equal(block.index.series.length, runs.length)
      assert.equal(
        block.index.samples,
        runs.reduce((sum, { times }) => sum + times.length, 0),
      )
      for (const [at, run] of readAll(block, labels).entries())
        assert.ok(sameRun(run, runs[at] ?? run), run.labels.join())
      const span = { fromMs: 20_000, toMs: 40_000 }
      for (const [at, { times, values, stale }] of readAll(block, labels, span).entries()) {
        const whole = runs[at]
        assert.ok(whole !== undefined)
        const inside = [...whole.times.keys()].filter(
          (nth) => (whole.times[nth] ?? 0) >= 20_000 && (whole.times[nth] ?? 0) <= 40_000,
        )
        assert.deepEqual(
          [...times],
          inside.map((nth) => whole.times[nth]),
        )
        assert.deepEqual(
          [...values],
          inside.map((nth) => whole.values[nth]),
        )
        const ends = [...(whole.stale ?? [])]
          .filter((nth) => inside.includes(nth))
          .map((nth) => nth - (inside[0] ?? 0))
        assert.deepEqual([...(stale ?? [])], ends)
      }
    })
  })

  test('tells when samples were without unpacking what they were', () => {
    const runs = madeUp(20)
    writeBlock(path, runs)
    opened((block) => {
      for (const [number, { times, values, stale }] of runs.entries()) {
        const piece = block.read(number, { ...always, onlyTimes: true }, fresh) ?? noPiece
        assert.deepEqual([piece.times, piece.stale], [times, stale])
        if (values.some((value) => value !== 0)) assert.notDeepEqual(piece.values, values)
      }
    })
  })

  test('of nothing is a block too', async () => {
    assert.deepEqual(writeBlock(path, []).samples, 0)
    opened((block, labels) => assert.deepEqual(readAll(block, labels), []))
  })

  test(`that was altered anywhere says so or gives what was written (SEED=${seed})`, async () => {
    const runs = madeUp(70)
    writeBlock(path, runs)
    const whole = readFileSync(path)
    const random = seeded(seed)
    let refused = 0
    for (let round = 0; round < 300; round += 1) {
      const torn =
        round % 3 === 0
          ? whole.subarray(0, random.between(0, whole.length - 1))
          : flipped(whole, random.between(0, whole.length - 1), 1 << random.between(0, 7))
      writeFileSync(path, torn)
      try {
        opened((block, labels) => {
          for (const [at, run] of readAll(block, labels).entries()) assert.ok(sameRun(run, runs[at] ?? run))
        })
      } catch (thrown) {
        if (!(thrown instanceof BrokenBlock)) throw thrown
        refused += 1
      }
    }
    assert.ok(refused > 250, `only ${refused} of 300 were noticed`)
  })

  test('of real scrapes is small', { skip: noScrapes }, async () => {
    const runs = realRuns()
    const { samples, bytes } = writeBlock(path, runs)
    assert.ok(samples > 300_000)
    assert.ok(bytes / samples < 0.65, `${bytes / samples} bytes for each sample`)
    opened((block, labels) => {
      for (const [at, run] of readAll(block, labels).entries())
        assert.ok(sameRun(run, runs[at] ?? run), run.labels.join())
    })
  })
})

function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ bit
  return copy
}

/** Series of some targets: of one, all are asked at the same times; some end on the way. */
function madeUp(count: number): readonly Run[] {
  return Array.from({ length: count }, (_, nth) => {
    const length = nth % 11 === 0 ? 7 : 12
    const times = Float64Array.from({ length }, (_unused, at) => 5_000 * at + (nth % 4))
    const values = times.map((time) => (nth % 5 === 0 ? Math.sin(time + nth) : Math.round(time / 7) / 10))
    const labels = labelsOf({
      __name__: 'made_up',
      nth: String(nth).padStart(4, '0'),
      target: `host${nth % 4}`,
    })
    return { labels, times, values, stale: nth % 11 === 0 ? Int32Array.of(3, 6) : null }
  })
}
