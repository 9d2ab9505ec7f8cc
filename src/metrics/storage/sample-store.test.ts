import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { type Labels, labelsOf } from '../labels.ts'
import type { Matcher } from '../matcher.ts'

import { SampleStore } from './sample-store.ts'
import type { StoreOptions } from './store-options.ts'
import { type Sample, take } from './try-samples.ts'

const minute = 60_000
const hour = 60 * minute
const begin = 1_795_392_000_000
const up = (host: string): Labels => labelsOf({ __name__: 'up', host })
const all: Matcher = { name: '__name__', operator: '=', value: 'up' }

describe('a store of samples', () => {
  let folder: string
  let store: SampleStore
  let now: number
  const open = (options: Partial<StoreOptions> = {}): SampleStore =>
    new SampleStore({
      folder,
      now: () => now,
      seriesLimit: 1000,
      seriesOfNameLimit: 1000,
      keptMs: 24 * hour,
      ...options,
    })
  const reopen = (options: Partial<StoreOptions> = {}): void => {
    store.close()
    store = open(options)
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-samples-'))
    now = begin + 10 * hour
    store = open()
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const samples = (host: string, count: number, stepMs = minute): readonly Sample[] =>
    Array.from({ length: count }, (_, at) => ({ labels: up(host), ms: begin + at * stepMs, value: at % 7 }))
  const asked = async (matchers: readonly Matcher[] = [all], fromMs = 0, toMs = 2 ** 52) => {
    const { runs, warnings } = await store.select({ matchers, fromMs, toMs })
    // Arrays are good until the next series is taken.
    const found = Array.from(runs, ({ labels, times, values, stale }) => ({
      host: labels.at(-1),
      times: [...times].map((ms) => ms - begin),
      values: [...values],
      stale: [...(stale ?? [])],
    }))
    return { found, warnings }
  }

  test('gives back what it took, also after a start', async () => {
    assert.deepEqual(take(store, [...samples('a', 500), ...samples('b', 3)]), { taken: 503, refused: [] })
    for (const again of [false, true]) {
      if (again) reopen()
      const { found } = await asked()
      assert.deepEqual(
        found.map(({ host, times }) => [host, times.length]),
        [
          ['a', 500],
          ['b', 3],
        ],
      )
      assert.deepEqual(found[1], { host: 'b', times: [0, minute, 2 * minute], values: [0, 1, 2], stale: [] })
      const [part] = (
        await asked([all, { name: 'host', operator: '=~', value: 'a|c' }], begin + minute, begin + 3 * minute)
      ).found
      assert.deepEqual(part?.times, [minute, 2 * minute, 3 * minute])
    }
  })

  test('keeps that a series has ended apart from its values', async () => {
    take(store, [
      { labels: up('a'), ms: begin, value: NaN },
      { labels: up('a'), ms: begin + 1, value: 0, stale: true },
    ])
    for (const again of [false, true]) {
      if (again) reopen()
      const [run] = (await asked()).found
      assert.deepEqual(run?.stale, [1])
      assert.ok(Number.isNaN(run?.values[0]))
    }
  })

  test('takes samples that come late, the same twice, and none that contradicts', async () => {
    take(store, samples('a', 600))
    const late = { labels: up('a'), ms: begin + 90_001, value: 42 }
    assert.equal(take(store, [late, late, { ...late, ms: begin + 90_002 }]).taken, 3)
    assert.deepEqual(take(store, [{ ...late, value: 43 }]), {
      taken: 0,
      refused: [{ sample: { ...late, value: 43 }, why: 'contradicts' }],
    })
    reopen()
    const [run] = (await asked([all], begin, begin + 3 * minute)).found
    assert.deepEqual(run?.times, [0, minute, 90_001, 90_002, 2 * minute, 3 * minute])
    assert.deepEqual(run?.values, [0, 1, 42, 42, 2, 3])
  })

  test('makes blocks, reads over them and the newest, and takes nothing for a block that is made', async () => {
    take(store, samples('a', 600))
    take(store, samples('gone', 30))
    const before = (await asked()).found
    await store.settle()
    assert.equal(readdirSync(join(folder, 'blocks')).length, 5)
    assert.deepEqual((await asked()).found, before)
    assert.equal(store.size.series, 1)
    const old = { labels: up('a'), ms: begin + 1, value: 1 }
    assert.deepEqual(take(store, [old]).refused, [{ sample: old, why: 'too old' }])
    reopen()
    assert.deepEqual((await asked()).found, before)
    // The log has only what is in no block.
    assert.equal(take(store, [{ labels: up('a'), ms: begin + 10 * hour, value: 5 }]).taken, 1)
    now += 48 * hour
    await store.settle()
    assert.equal(store.size.blocks, 0, 'what is too old goes, when it was summed up')
  })

  test('reads series as they lie in blocks, and those that are in none beside them', async () => {
    take(store, [...samples('b', 3), ...samples('c', 3), ...samples('a', 3)])
    now = begin + 10 * hour
    take(store, [{ labels: up('b'), ms: now, value: 1 }])
    await store.settle()
    assert.equal(store.size.blocks > 0, true)
    take(store, [{ labels: up('0'), ms: now, value: 1 }])
    const { found } = await asked()
    assert.deepEqual(
      found.map(({ host }) => host).filter((host) => host !== '0'),
      ['a', 'b', 'c'],
    )
    assert.deepEqual(
      found.find(({ host }) => host === '0'),
      { host: '0', times: [10 * hour], values: [1], stale: [] },
    )
  })

  test('refuses what has no place', () => {
    const at = (ms: number): Sample => ({ labels: up('a'), ms, value: 1 })
    const whys = take(store, [at(-1), at(0.5), at(NaN), at(now + hour)]).refused.map(({ why }) => why)
    assert.deepEqual(whys, ['not a time', 'not a time', 'not a time', 'too new'])
  })

  test('refuses newcomers over the limits, and keeps who is there', () => {
    store.close()
    store = open({ seriesLimit: 3, seriesOfNameLimit: 2 })
    const one = (labels: Labels, nth: number): Sample => ({ labels, ms: begin + nth, value: 1 })
    const other = labelsOf({ __name__: 'other' })
    const names = [up('a'), up('b'), up('c'), other, labelsOf({ __name__: 'fourth' })]
    const { taken, refused } = take(
      store,
      names.map((labels) => one(labels, 0)),
    )
    assert.equal(taken, 3)
    assert.deepEqual(
      refused.map(({ sample, why }) => [sample.labels, why]),
      [
        [up('c'), 'too many series'],
        [labelsOf({ __name__: 'fourth' }), 'too many series'],
      ],
    )
    assert.equal(
      take(
        store,
        [up('a'), up('b'), other].map((labels) => one(labels, 1)),
      ).taken,
      3,
    )
  })

  test('keeps what was said of metrics, and forgets numbers only with its series', async () => {
    const described = { type: 'gauge', help: 'whether it is up', unit: '' } as const
    store.describe('up', described)
    const number = store.numberOf(up('a'))
    assert.equal(store.numberOf(up('a')), number)
    take(store, samples('a', 30))
    const era = store.era()
    await store.settle()
    assert.equal(store.era(), era)
    reopen()
    assert.deepEqual([...store.descriptions], [['up', described]])
    take(store, samples('b', 600))
    now += 30 * hour
    await store.settle()
    assert.notEqual(store.era(), era)
    assert.throws(() => store.take({ series: [number], times: [now], values: [1], stale: [] }), /in this era/)
  })

  test('keeps reading in order while memory goes into blocks bit by bit', async () => {
    store.close()
    store = open({ headSamples: 50 })
    for (let at = 0; at < 600; at += 1) {
      const some = ['a', 'b', 'c'].map((host) => ({ labels: up(host), ms: begin + at * minute, value: at }))
      assert.equal(take(store, some).taken, 3)
      if (at % 97 === 0) reopen({ headSamples: 50 })
    }
    const whole = (await asked()).found
    assert.deepEqual(
      whole.map(({ values }) => values),
      [0, 1, 2].map(() => Array.from({ length: 600 }, (_, at) => at)),
    )
    const several = store.size.blocks
    await store.settle()
    assert.ok(store.size.blocks <= several - 4, 'windows that are over have one each')
    assert.deepEqual((await asked()).found, whole)
    reopen()
    assert.deepEqual((await asked()).found, whole)
  })

  test('knows what is in blocks when samples come late', async () => {
    store.close()
    store = open({ headSamples: 10 })
    take(store, samples('a', 30))
    for (const again of [false, true]) {
      if (again) reopen()
      const known = { labels: up('a'), ms: begin + 3 * minute, value: 3 }
      assert.equal(take(store, [known]).taken, 1)
      assert.deepEqual(
        take(store, [{ ...known, value: 4 }]).refused.map(({ why }) => why),
        ['contradicts'],
      )
      assert.equal(take(store, [{ ...known, ms: known.ms + (again ? 2 : 1) }]).taken, 1)
    }
    assert.deepEqual((await asked([all], begin + 3 * minute, begin + 4 * minute - 1)).found[0]?.times, [
      3 * minute,
      3 * minute + 1,
      3 * minute + 2,
    ])
  })

  test('removes the oldest blocks while all are too large', async () => {
    take(store, samples('a', 600))
    await store.settle()
    const { blocks, blockBytes } = store.size
    assert.equal(blocks, 5)
    store.close()
    store = open({ keptBytes: blockBytes - 1 })
    await store.settle()
    assert.equal(store.size.blocks, 4)
    assert.equal((await asked()).found[0]?.times[0], 120 * minute)
  })

  test('takes what is late, as late as it may be', async () => {
    store.close()
    store = open({ lateMs: 5 * minute })
    take(store, samples('a', 100))
    await store.settle()
    const at = (ms: number): Sample => ({ labels: up('b'), ms: begin + ms, value: 1 })
    assert.deepEqual(
      take(store, [at(93 * minute), at(94 * minute)]).refused.map(({ why }) => why),
      ['too old'],
    )
  })

  test('refuses what would be removed at once, as it is too old', () => {
    const at = (ms: number): Sample => ({ labels: up('a'), ms, value: 1 })
    const whys = take(store, [at(0), at(now - 25 * hour), at(now - 23 * hour)]).refused.map(({ why }) => why)
    assert.deepEqual(whys, ['too old', 'too old'])
    assert.equal(take(store, [at(4_102_444_800_000)]).refused[0]?.why, 'too new')
  })

  test('goes on when the clock was put back', async () => {
    take(store, samples('a', 600))
    await store.settle()
    now -= 3 * hour
    assert.equal(
      take(store, [{ labels: up('a'), ms: begin + 600 * minute, value: 1 }]).refused[0]?.why,
      'too new',
    )
    now += 3 * hour
    assert.equal(take(store, [{ labels: up('a'), ms: begin + 600 * minute, value: 1 }]).taken, 1)
  })

  test('tells of a block that cannot be read, sets it aside, and reads the rest', async () => {
    take(store, samples('a', 600))
    await store.settle()
    store.close()
    const [first = ''] = readdirSync(join(folder, 'blocks')).toSorted()
    truncateSync(join(folder, 'blocks', first), 100)
    store = open()
    const { found, warnings } = await asked()
    assert.match(warnings.join('\n'), /block-.* cannot be read/)
    assert.equal(warnings.length, 1)
    assert.equal(found[0]?.times.length, 480)
    await store.settle()
    assert.deepEqual(store.broken, [join(folder, 'broken', first)])
    assert.deepEqual(readdirSync(join(folder, 'broken')), [first])
    assert.deepEqual((await asked()).warnings, [])
  })
})
