import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Columns } from '../intake.ts'
import { labelsOf } from '../labels.ts'
import { DiskFull, isFull } from './disk-full.ts'
import { SampleStore } from './sample-store.ts'

const skip = process.getuid?.() === 0 ? false : 'only root may mount a small disk; it runs where the lab does'
const begin = 1_795_392_000_000
const series = 200

describe('a store of samples on a disk that is full', { skip }, () => {
  let disk: string
  let store: SampleStore
  const open = (headSamples: number): SampleStore =>
    new SampleStore({
      folder: join(disk, 'metrics'),
      now: () => begin + 3_600_000,
      seriesLimit: 1000,
      seriesOfNameLimit: 1000,
      keptMs: 24 * 3_600_000,
      headSamples,
    })
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), 'tandem-full-'))
    assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tandem-test', disk]).status, 0)
  })
  afterEach(() => {
    store.close()
    assert.equal(spawnSync('umount', [disk]).status, 0)
    rmSync(disk, { recursive: true })
  })

  /** One sample of each series. */
  const tick = (nth: number): Columns => ({
    series: Array.from({ length: series }, (_, at) =>
      store.numberOf(labelsOf({ __name__: 'up', nth: String(at) })),
    ),
    times: Array.from({ length: series }, () => begin + nth * 1000),
    values: Array.from({ length: series }, (_, at) => nth + at),
    stale: [],
  })
  const fill = (): void => {
    // Until there is no room for a single byte: what is written meets the end in the middle.
    for (let size = 1 << 20; size >= 1; size >>= 1)
      for (let nth = 0; ; nth += 1) {
        try {
          writeFileSync(join(disk, `filler-${size}-${nth}`), Buffer.alloc(size))
        } catch {
          break
        }
      }
  }
  const free = (): void => {
    for (const name of readdirSync(disk)) if (name.startsWith('filler')) rmSync(join(disk, name))
  }
  /** Ticks until one is refused; how many were taken. */
  const takeUntilFull = (from: number): number => {
    for (let nth = from; nth < 100_000; nth += 1) {
      try {
        assert.equal(store.take(tick(nth)).taken, series)
      } catch (thrown) {
        assert.ok(thrown instanceof DiskFull, String(thrown))
        return nth
      }
    }
    throw new Error('it was never full')
  }
  const heights = async (): Promise<readonly number[]> => {
    const everything = { matchers: [], fromMs: 0, toMs: begin * 2 }
    const { runs } = await store.select(everything)
    return [...runs].map(({ times }) => times.length)
  }
  const all = (ticks: number): readonly number[] => Array.from({ length: series }, () => ticks)

  for (const headSamples of [1_000_000, 10_000])
    test(`refuses by name, goes on answering, and goes on when there is room (${headSamples} samples in memory)`, async () => {
      store = open(headSamples)
      for (let nth = 0; nth < 300; nth += 1) store.take(tick(nth))
      fill()
      let ticks = takeUntilFull(300)
      assert.throws(() => store.take(tick(ticks)), /no room is left on the disk/)
      await store.settle()
      assert.deepEqual(await heights(), all(ticks), 'what was taken is there')
      free()
      for (const end = ticks + 500; ticks < end; ticks += 1) store.take(tick(ticks))
      assert.deepEqual(await heights(), all(ticks))
      await store.settle()
      store.close()
      store = open(headSamples)
      assert.deepEqual(store.lost, [], 'nothing half written was left')
      assert.deepEqual(await heights(), all(ticks))
    })

  test('lets nobody in whose name could not be written down', () => {
    store = open(1_000_000)
    store.take(tick(0))
    fill()
    takeUntilFull(1)
    const number = store.numberOf(labelsOf({ __name__: 'newcomer' }))
    const one = { series: [number], times: [begin + 1_000_000], values: [1], stale: [] }
    const { series: before } = store.size
    assert.throws(() => store.take(one), DiskFull)
    assert.equal(store.size.series, before)
    free()
    assert.equal(store.take(one).taken, 1)
    store.close()
    store = open(1_000_000)
    assert.equal(store.size.series, before + 1)
  })

  test('deletes nothing, or what was meant', async () => {
    store = open(1_000_000)
    for (let nth = 0; nth < 300; nth += 1) store.take(tick(nth))
    fill()
    const half = { name: 'nth', operator: '=~', value: '..?' } as const
    const wish = { matchers: [[half]], fromMs: 0, toMs: begin * 2, who: 'ada', atMs: begin }
    await assert.rejects(store.delete(wish), (thrown) => isFull(thrown))
    assert.deepEqual(await heights(), all(300))
    free()
    assert.equal(await store.delete(wish), 100)
    assert.deepEqual(await heights(), all(300).slice(100))
  })

  test('starts on it, and answers', async () => {
    store = open(1_000_000)
    for (let nth = 0; nth < 300; nth += 1) store.take(tick(nth))
    fill()
    const ticks = takeUntilFull(300)
    store.close()
    fill()
    store = open(1_000_000)
    assert.deepEqual(await heights(), all(ticks))
    assert.throws(() => store.take(tick(ticks)), DiskFull)
    free()
    assert.equal(store.take(tick(ticks)).taken, series)
  })
})
