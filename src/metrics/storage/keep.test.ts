import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { labelsOf } from '../labels.ts'
import { SampleStore } from './sample-store.ts'
import type { Keep } from './store-options.ts'
import { type Sample, take } from './try-samples.ts'

const hour = 3_600_000
const begin = 1_795_392_000_000
const keep: Keep = {
  seriesLimit: 100,
  seriesOfNameLimit: 100,
  valuesOfLabelLimit: 100,
  keptMs: 100 * hour,
  keptMinutesMs: 0,
  keptHoursMs: 0,
  keptBytes: Infinity,
  lateMs: hour,
}

function opened(t: TestContext): SampleStore {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-keep-'))
  const store = new SampleStore({ folder, now: () => begin + 50 * hour, ...keep })
  t.after(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })
  return store
}

const of = (path: string, ms: number): Sample => ({
  labels: labelsOf({ __name__: 'requests', path }),
  ms,
  value: 1,
})
const hoursOf = async (store: SampleStore): Promise<readonly number[]> => {
  const { runs } = await store.select({ matchers: [], fromMs: 0, toMs: 2 ** 52 })
  return [...runs]
    .flatMap(({ times }) => [...times].map((ms) => (ms - begin) / hour))
    .toSorted((a, b) => a - b)
}
const hours = (from: number, to: number): readonly Sample[] =>
  Array.from({ length: to - from + 1 }, (_, nth) => of('/', begin + (from + nth) * hour))

test('samples go by the age that is said last', async (t) => {
  const store = opened(t)
  take(store, hours(0, 40))
  take(store, hours(41, 45))
  await store.settle()
  await store.settle()
  store.heed({ ...keep, keptMs: 10 * hour })
  assert.equal((await hoursOf(store)).length, 46)
  await store.settle()
  assert.deepEqual(await hoursOf(store), [40, 41, 42, 43, 44, 45])
  assert.equal(take(store, [of('/', begin + 39 * hour)]).refused[0]?.why, 'too old')
  store.heed({ ...keep, keptBytes: 1 })
  await store.settle()
  assert.deepEqual(await hoursOf(store), [])
})

test('a window for what comes late is widened and narrowed at once', (t) => {
  const store = opened(t)
  take(store, hours(40, 40))
  store.heed({ ...keep, lateMs: 5 * hour })
  assert.equal(take(store, hours(36, 36)).taken, 1)
  assert.equal(take(store, hours(34, 34)).refused[0]?.why, 'too old')
  store.heed({ ...keep, lateMs: 2 * hour })
  assert.equal(take(store, hours(37, 37)).refused[0]?.why, 'too old')
  store.heed({ ...keep, lateMs: 10 * hour })
  assert.equal(take(store, hours(34, 34)).taken, 1)
})

test('who is there stays when fewer are let in', (t) => {
  const store = opened(t)
  const at = begin + 40 * hour
  take(store, [of('/a', at), of('/b', at), of('/c', at)])
  store.heed({ ...keep, valuesOfLabelLimit: 2 })
  assert.equal(take(store, [of('/a', at + 1), of('/c', at + 1)]).taken, 2)
  assert.equal(take(store, [of('/d', at + 1)]).refused[0]?.why, 'too many values of a label')
  store.heed({ ...keep, seriesLimit: 3 })
  assert.equal(take(store, [of('/d', at + 1)]).refused[0]?.why, 'too many series')
  store.heed(keep)
  assert.equal(take(store, [of('/d', at + 1)]).taken, 1)
})
