import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { type Random, seeded } from '../../../lab/random.ts'
import { keyOf, type Labels, labelsOf } from '../labels.ts'
import { SampleStore } from './sample-store.ts'
import { type Sample, take } from './try-samples.ts'

const minute = 60_000
const hour = 60 * minute
const begin = 1_795_392_000_000
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)
const everything = { matchers: [], fromMs: 0, toMs: 2 ** 52 }

/** What a store should hold: of each series, its samples by their times. */
type Model = Map<string, Map<number, number | 'end'>>

describe('the life of a store', () => {
  let folder: string
  let store: SampleStore
  const open = (at = folder, headSamples = 300): SampleStore =>
    new SampleStore({
      folder: at,
      now: () => begin + 100 * hour,
      seriesLimit: 1000,
      seriesOfNameLimit: 1000,
      keptMs: 1000 * hour,
      lateMs: 3 * hour,
      headSamples,
    })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-life-'))
    store = open()
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const held = async (from: SampleStore): Promise<Model> => {
    const { runs, warnings } = await from.select(everything)
    assert.deepEqual(warnings, [])
    const model: Model = new Map()
    for (const { labels, times, values, stale } of runs)
      model.set(
        keyOf(labels),
        new Map(
          Array.from(times, (ms, at) => [ms, stale?.includes(at) === true ? 'end' : (values[at] ?? NaN)]),
        ),
      )
    return model
  }

  test(`whatever comes in whatever order is there, over starts and blocks (SEED=${seed})`, async () => {
    const random = seeded(seed)
    const model: Model = new Map()
    let clock = begin
    for (let round = 0; round < 200; round += 1) {
      clock += random.between(0, 10 * minute)
      const some = Array.from({ length: random.between(1, 20) }, () => drawn(random, clock))
      const { refused } = take(store, some)
      for (const { sample, why } of refused) {
        if (why === 'too old') continue
        assert.equal(why, 'contradicts')
        const known = model.get(keyOf(sample.labels))?.get(sample.ms)
        const isInside = some.some((one) => one !== sample && one.ms === sample.ms)
        assert.ok(known !== undefined || isInside, 'something is there that it contradicts')
      }
      const left = new Set(refused.map(({ sample }) => sample))
      for (const sample of some) if (!left.has(sample)) put(model, sample)
      if (random.between(0, 9) === 0) await store.settle()
      if (random.between(0, 19) === 0) {
        store.close()
        store = open(folder, random.pick([20, 300, 100_000]))
      }
      if (round % 50 === 49) assert.deepEqual(sorted(await held(store)), sorted(model))
    }
  })

  test('a snapshot is a store of what was there when it was made', async () => {
    const beside = `${folder}-snapshot`
    const at = (from: number, count: number): readonly Sample[] =>
      Array.from({ length: count }, (_, nth) => ({
        labels: labelsOf({ __name__: 'up', host: `h${nth % 3}` }),
        ms: begin + (from + nth) * minute,
        value: nth,
      }))
    take(store, at(0, 1000))
    store.describe('up', { type: 'gauge', help: 'whether it is up', unit: '' })
    const then = await held(store)
    store.snapshot(beside)
    assert.throws(() => store.snapshot(beside), /EEXIST/)
    take(store, at(1000, 1000))
    await store.settle()
    const copy = open(beside)
    assert.deepEqual(sorted(await held(copy)), sorted(then))
    assert.equal(copy.descriptions.get('up')?.type, 'gauge')
    take(copy, at(1000, 10))
    await copy.settle()
    copy.close()
    const all = [...(await held(store)).values()].reduce((sum, samples) => sum + samples.size, 0)
    assert.equal(all, 2000, 'the store does not notice what its copy does')
    rmSync(beside, { recursive: true })
  })

  test(`files that were altered or cut off leave a store that answers with nothing that was not taken (SEED=${seed})`, async () => {
    const random = seeded(seed)
    const model: Model = new Map()
    for (let nth = 0; nth < 60; nth += 1) {
      const some = Array.from({ length: 20 }, () => drawn(random, begin + nth * 10 * minute))
      const left = new Set(take(store, some).refused.map(({ sample }) => sample))
      for (const sample of some) if (!left.has(sample)) put(model, sample)
    }
    for (let round = 0; round < 30; round += 1) {
      const copy = `${folder}-${round}`
      store.snapshot(copy)
      damage(copy, random)
      const torn = open(copy)
      const { runs } = await torn.select(everything)
      for (const { labels, times, values } of runs)
        for (const [at, ms] of times.entries()) {
          const known = model.get(keyOf(labels))?.get(ms)
          assert.ok(known === 'end' || Object.is(known, values[at]), `${labels.join()} ${ms} is made up`)
        }
      await torn.settle()
      const after = await torn.select(everything)
      assert.equal([...after.runs].length > 0, true)
      assert.deepEqual(after.warnings, [], 'what cannot be read was set aside')
      torn.close()
      rmSync(copy, { recursive: true })
    }
  })
})

function drawn(random: Random, clock: number): Sample {
  const labels: Labels = labelsOf({ __name__: random.pick(['up', 'load']), host: `h${random.between(0, 4)}` })
  const ms = clock - (random.between(0, 3) === 0 ? random.between(0, 240) * minute : 0)
  const one = {
    labels,
    ms: Math.floor(ms / 1000) * 1000,
    value: random.pick([0, 1, 0.1, 1e300, -0, Infinity]),
  }
  return random.between(0, 15) === 0 ? { ...one, value: 0, stale: true } : one
}

function put(model: Model, { labels, ms, value, stale }: Sample): void {
  const samples = model.get(keyOf(labels)) ?? new Map<number, number | 'end'>()
  model.set(keyOf(labels), samples)
  if (!samples.has(ms)) samples.set(ms, stale === true ? 'end' : value)
}

const sorted = (model: Model): readonly unknown[] =>
  [...model]
    .map(([key, samples]) => [key, [...samples].toSorted(([a], [b]) => a - b)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))

/** Alters a bit of a file, or cuts its end off. */
function damage(folder: string, random: Random): void {
  const inside = join(folder, random.pick(['blocks', 'wal']))
  const path = join(inside, random.pick(readdirSync(inside)))
  const bytes = readFileSync(path)
  if (bytes.length === 0) return
  const at = random.between(0, bytes.length - 1)
  // A copy of its own: the snapshot shares its files with the store.
  rmSync(path)
  const altered = Buffer.from(bytes)
  altered[at] = (altered[at] ?? 0) ^ (1 << random.between(0, 7))
  writeFileSync(path, altered)
  if (random.between(0, 1) === 0) truncateSync(path, at)
}
