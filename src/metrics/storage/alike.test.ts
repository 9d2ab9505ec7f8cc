import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { seeded } from '../../../lab/random.ts'
import { type Labels, labelsOf, valueOf } from '../labels.ts'
import { SampleStore } from './sample-store.ts'
import { type Sample, take } from './try-samples.ts'

const minute = 60_000
const begin = 1_795_392_000_000
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)
const load = (host: string): Labels => labelsOf({ __name__: 'load', host })

describe('series that were sampled together', () => {
  let folder: string
  let store: SampleStore
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-alike-'))
    store = new SampleStore({
      folder,
      now: () => begin + 20 * 60 * minute,
      seriesLimit: 1000,
      seriesOfNameLimit: 1000,
      keptMs: 1000 * 60 * minute,
      headSamples: 100,
    })
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const read = async (fromMs = 0, toMs = 2 ** 52) => {
    const { runs, warnings } = await store.select({ matchers: [], fromMs, toMs })
    assert.deepEqual(warnings, [])
    // Values are good until the next series is taken; times are to be the same array.
    const found = Array.from(runs, ({ labels, times, values, stale }) => ({
      host: valueOf(labels, 'host'),
      times,
      values: [...values],
      stale: [...(stale ?? [])],
    }))
    return found.toSorted((a, b) => (a.host < b.host ? -1 : 1))
  }

  test('share their times over all blocks and what is in memory', async () => {
    const hosts = ['a', 'b', 'c', 'd']
    for (let tick = 0; tick < 200; tick += 1)
      take(
        store,
        hosts.map((host) => ({ labels: load(host), ms: begin + tick * minute, value: tick })),
      )
    assert.ok(store.size.blocks > 3 && store.size.samples > 0, JSON.stringify(store.size))
    const found = await read(begin + 5 * minute, begin + 198 * minute)
    assert.deepEqual(
      found.map(({ host, times }) => [host, times.length]),
      hosts.map((host) => [host, 194]),
    )
    for (const { times, values } of found) {
      assert.equal(times, found[0]?.times)
      assert.deepEqual(
        values,
        Array.from({ length: 194 }, (_, at) => at + 5),
      )
    }
  })

  test(`are read as they were taken, among others that were not, in any span (SEED=${seed})`, async () => {
    const random = seeded(seed)
    const expected = new Map<string, Map<number, number | 'stale'>>()
    const give = (host: string, ms: number): Sample => {
      const isEnd = random.next() < 0.05
      const value = random.between(0, 100)
      const series = expected.get(host) ?? new Map<number, number | 'stale'>()
      expected.set(host, series.set(ms, isEnd ? 'stale' : value))
      return { labels: load(host), ms, value, ...(isEnd && { stale: true as const }) }
    }
    for (let tick = 0; tick < 250; tick += 1) {
      const together = ['a', 'b', 'c'].map((host) => give(host, begin + tick * minute))
      const others = ['d', 'e'].flatMap((host, nth) =>
        random.next() < 0.4 ? [give(host, begin + tick * minute + nth + 1)] : [],
      )
      const lateMs = begin + (tick - random.between(1, 20)) * minute + 7
      const late = random.next() < 0.1 && expected.get('e')?.has(lateMs) === false ? [give('e', lateMs)] : []
      assert.deepEqual(take(store, [...together, ...others, ...late]).refused, [])
    }
    for (let round = 0; round < 60; round += 1) {
      const fromMs = begin + random.between(-5, 250) * minute
      const toMs = fromMs + random.between(0, 250) * minute
      const found = await read(fromMs, toMs)
      const wanted = [...expected].flatMap(([host, samples]) => {
        const inside = [...samples].filter(([ms]) => ms >= fromMs && ms <= toMs).toSorted(([a], [b]) => a - b)
        return inside.length === 0 ? [] : [{ host, inside }]
      })
      assert.deepEqual(
        found.map(({ host, times, values, stale }) => ({
          host,
          inside: [...times].map((ms, at) => [ms, stale.includes(at) ? 'stale' : values[at]]),
        })),
        wanted.toSorted((a, b) => (a.host < b.host ? -1 : 1)),
      )
    }
  })
})
