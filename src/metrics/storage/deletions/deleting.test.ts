import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { type Random, seeded } from '../../../../lab/random.ts'
import { labelsOf, valueOf } from '../../labels.ts'
import type { Matcher } from '../../matcher.ts'
import { SampleStore } from '../sample-store.ts'
import type { StoreOptions } from '../store-options.ts'
import { type Sample, take } from '../try-samples.ts'

const minute = 60_000
const hour = 60 * minute
const begin = 1_795_392_000_000
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)
const everything = { matchers: [], fromMs: 0, toMs: 2 ** 52 }

const host = (name: string): Matcher => ({ name: 'host', operator: '=', value: name })
const wish = (matchers: readonly Matcher[], fromMs = 0, toMs = 2 ** 52) => ({
  matchers: [matchers],
  fromMs,
  toMs,
  who: 'ada',
  atMs: begin,
})

const of = (name: string, ms: number, value: number): Sample => ({
  labels: labelsOf({ __name__: 'load', host: name }),
  ms,
  value,
})
const keyOf = (name: string, ms: number): string => `${name} ${ms}`

describe('a store of which something is deleted', () => {
  let folder: string
  let store: SampleStore
  const open = (at = folder, more: Partial<StoreOptions> = {}): SampleStore =>
    new SampleStore({
      folder: at,
      now: () => begin + 100 * hour,
      seriesLimit: 1000,
      seriesOfNameLimit: 1000,
      keptMs: 1000 * hour,
      lateMs: 5 * hour,
      headSamples: 300,
      ...more,
    })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-deleting-'))
    store = open()
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const held = async (from: SampleStore): Promise<ReadonlyMap<string, number>> => {
    const { runs, warnings } = await from.select(everything)
    assert.deepEqual(warnings, [])
    const all = new Map<string, number>()
    for (const { labels, times, values } of runs)
      for (const [at, ms] of times.entries()) all.set(keyOf(valueOf(labels, 'host'), ms), values[at] ?? NaN)
    return all
  }
  const hosts = (from: SampleStore): readonly string[] =>
    from
      .find(everything)
      .series.map((labels) => valueOf(labels, 'host'))
      .toSorted()
  /** What somebody finds who comes after a sudden death. */
  const afterDeath = async <T>(work: (risen: SampleStore) => Promise<T>): Promise<T> => {
    const copy = `${folder}-copy`
    cpSync(folder, copy, { recursive: true })
    const risen = open(copy)
    try {
      return await work(risen)
    } finally {
      risen.close()
      rmSync(copy, { recursive: true })
    }
  }

  test(`has all the rest, whatever was deleted, over deaths, joins and copies (SEED=${seed})`, async () => {
    const random = seeded(seed)
    const model = new Map<string, number>()
    let clock = begin
    for (let round = 0; round < 80; round += 1) {
      clock += random.between(0, 10 * minute)
      for (let nth = 0; nth < 15; nth += 1) {
        const one = of(
          `h${random.between(0, 5)}`,
          clock - random.between(0, 60) * minute,
          random.between(0, 9),
        )
        const key = keyOf(valueOf(one.labels, 'host'), one.ms)
        const isTaken = take(store, [one]).taken === 1
        assert.equal(isTaken, !model.has(key) || Object.is(model.get(key), one.value), key)
        if (isTaken) model.set(key, one.value)
      }
      if (random.between(0, 4) === 0) {
        const [name, matchers] = drawn(random)
        const from = clock - random.between(0, 4 * hour)
        const to = from + random.between(0, 2 * hour)
        await store.delete(wish(matchers, from, to))
        for (const key of model.keys()) {
          const [found = '', ms] = key.split(' ')
          if (name.test(found) && Number(ms) >= from && Number(ms) <= to) model.delete(key)
        }
        assert.deepEqual(sorted(await afterDeath(held)), sorted(model))
      }
      if (random.between(0, 9) === 0) await store.settle()
      if (random.between(0, 19) === 0) await store.clean()
      if (random.between(0, 19) === 0) {
        store.close()
        store = open()
      }
      if (round % 10 === 9) assert.deepEqual(sorted(await held(store)), sorted(model))
    }
    const copy = `${folder}-snapshot`
    store.snapshot(copy)
    await store.clean()
    const beside = open(copy)
    assert.deepEqual(sorted(await held(beside)), sorted(model))
    beside.close()
    rmSync(copy, { recursive: true })
    assert.deepEqual(sorted(await held(store)), sorted(model))
  })

  test('says nothing of a series that is gone, and takes what comes of it later', async () => {
    take(store, [of('web1', begin, 1), of('web2', begin, 1)])
    assert.equal(await store.delete(wish([host('web1')])), 1)
    assert.deepEqual(hosts(store), ['web2'])
    assert.equal(await store.delete(wish([host('web1')])), 0)
    assert.equal(take(store, [of('web1', begin, 2)]).taken, 1, 'another value at the same time')
    assert.deepEqual(hosts(store), ['web1', 'web2'])
    assert.equal((await held(store)).get(keyOf('web1', begin)), 2)
    assert.equal((await afterDeath(held)).get(keyOf('web1', begin)), 2)
  })

  test('names a series while some of it is left', async () => {
    take(
      store,
      [0, 1, 2, 3].map((nth) => of('web1', begin + nth * minute, nth)),
    )
    await store.delete(wish([host('web1')], begin + minute, begin + 2 * minute))
    assert.deepEqual(hosts(store), ['web1'])
    assert.deepEqual([...(await held(store)).values()], [0, 3])
    await store.delete(wish([host('web1')], begin, begin))
    await store.delete(wish([host('web1')], begin + 3 * minute, begin + 3 * minute))
    assert.deepEqual(hosts(store), [])
  })

  test('has nothing of it on the disk when it was cleaned', async () => {
    take(
      store,
      Array.from({ length: 700 }, (_, nth) => of(`h${nth % 7}`, begin + nth * minute, nth)),
    )
    await store.delete(wish([host('h3')]))
    await store.delete(wish([host('nobody')]))
    assert.ok(existsSync(join(folder, 'deletions')))
    await store.clean()
    assert.ok(!existsSync(join(folder, 'deletions')))
    const blocks = readdirSync(join(folder, 'blocks'))
    assert.ok(blocks.length > 5)
    const left = await held(store)
    assert.equal(left.size, 600)
    assert.deepEqual(sorted(await afterDeath(held)), sorted(left))
  })

  test('forgets by itself, a few blocks at a time', async () => {
    take(
      store,
      Array.from({ length: 40 }, (_, nth) => of('h1', begin + nth * 2 * hour, nth)),
    )
    await store.delete(wish([host('h1')], begin, begin + 60 * hour))
    await store.settle()
    assert.ok(existsSync(join(folder, 'deletions')), 'there were more than a few')
    for (let turns = 0; turns < 3; turns += 1) await store.settle()
    assert.ok(!existsSync(join(folder, 'deletions')))
    assert.equal((await held(store)).size, 9)
    assert.equal(readdirSync(join(folder, 'blocks')).length, 9)
  })

  test('makes room for other series', async () => {
    store.close()
    store = open(folder, { seriesLimit: 2 })
    take(store, [of('web1', begin, 1), of('web2', begin, 1)])
    assert.equal(take(store, [of('web3', begin, 1)]).refused[0]?.why, 'too many series')
    await store.delete(wish([host('web1')]))
    assert.equal(take(store, [of('web3', begin, 1)]).taken, 1)
    store.close()
    store = open(folder, { seriesLimit: 2 })
    assert.equal(take(store, [of('web1', begin, 1)]).refused[0]?.why, 'too many series')
  })

  test('hides nothing that is written when the blocks it was said of have gone', async () => {
    take(store, [of('web1', begin, 1)])
    await store.delete(wish([host('web1')]))
    store.close()
    for (const name of readdirSync(join(folder, 'blocks'))) rmSync(join(folder, 'blocks', name))
    store = open()
    take(store, [of('web1', begin, 2)])
    // Into a block, by deleting something else.
    take(store, [of('web2', begin, 2)])
    await store.delete(wish([host('web2')]))
    assert.deepEqual([...(await held(store)).values()], [2])
  })

  test('tells of a line that was altered, and heeds the others', async () => {
    take(store, [of('web1', begin, 1), of('web2', begin, 1)])
    await store.delete(wish([host('web1')]))
    await store.delete(wish([host('web2')]))
    store.close()
    const path = join(folder, 'deletions')
    writeFileSync(path, readFileSync(path, 'utf8').replace('web2', 'web3'))
    store = open()
    assert.equal(store.tornDeletions, join(folder, 'broken', 'deletions'))
    assert.match(readFileSync(join(folder, 'broken', 'deletions'), 'utf8'), /web3/)
    assert.deepEqual(hosts(store), ['web2'])
    store.close()
    store = open()
    assert.equal(store.tornDeletions, null)
    assert.deepEqual(hosts(store), ['web2'])
  })
})

/** Hosts by a pattern, and the condition that means them. */
function drawn(random: Random): readonly [RegExp, readonly Matcher[]] {
  const value = random.pick(['h0', 'h[12]', 'h.*', 'h[^3]'])
  return [new RegExp(`^(?:${value})$`), [{ name: 'host', operator: '=~', value }]]
}

const sorted = (model: ReadonlyMap<string, number>) => [...model].toSorted(([a], [b]) => (a < b ? -1 : 1))
