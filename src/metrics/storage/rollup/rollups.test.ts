import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { type Random, seeded } from '../../../../lab/random.ts'
import { labelsOf } from '../../labels.ts'
import { askRange, usual } from '../../promql/engine.ts'
import { parseQuery } from '../../promql/parse/parse.ts'
import type { SampleSource } from '../../source.ts'
import { SampleStore } from '../sample-store.ts'
import type { StoreOptions } from '../store-options.ts'
import { type Sample, take } from '../try-samples.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const begin = 20_000 * day
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)
const functions = [
  'count_over_time',
  'sum_over_time',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'last_over_time',
  'present_over_time',
  'rate',
  'increase',
  'delta',
  'resets',
]

type Answered = Awaited<ReturnType<typeof askRange>>

describe('the rollups of a store', () => {
  let folder: string
  let store: SampleStore
  let now: number
  const open = (options: Partial<StoreOptions> = {}): SampleStore =>
    new SampleStore({
      folder,
      now: () => now,
      seriesLimit: 1000,
      seriesOfNameLimit: 1000,
      keptMs: 30 * day,
      ...options,
    })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-rollups-'))
    now = begin + 100 * day
    store = open()
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Takes four days of samples, and sums up what is over. */
  const fill = async (random: Random, odd: readonly number[] = [NaN, Infinity]): Promise<void> => {
    for (const nth of [0, 1, 2, 3]) {
      now = begin + (nth + 1) * day
      for (const half of [0, 1]) {
        const samples = drawn(random, begin + nth * day + half * 12 * hour, odd)
        assert.equal(take(store, samples).taken, samples.length)
      }
      await store.settle()
    }
    await settled()
  }
  const settled = async (): Promise<void> => {
    for (let round = 0; round < 6; round += 1) await store.settle()
  }
  const files = (): readonly string[] => readdirSync(join(folder, 'rollups')).toSorted()
  const ask = (query: string, range: Range, source: SampleSource = store): Promise<Answered> =>
    askRange(parseQuery(query), range, { ...usual, source })
  /** The store, which is told of no windows and so answers from samples. */
  const decoded: SampleSource = {
    select: ({ matchers, fromMs, toMs }) => store.select({ matchers, fromMs, toMs }),
  }

  test(`answer with samples as these do alone (SEED=${seed})`, async () => {
    const random = seeded(seed)
    await fill(random, [NaN, Infinity, 1e300, -0])
    assert.equal(files().length, 6, 'minutes and hours of three days')
    let summed = 0
    for (let round = 0; round < 150; round += 1) {
      const query = `${random.pick(functions)}(made[${random.between(1, 60)}h])`
      const range = drawnRange(random)
      const { runs } = await store.select({ matchers: [], ...spanOf(range), windows: windowsOf(range) })
      if ([...runs].some((run) => run.summed !== undefined)) summed += 1
      assertClose(
        await ask(query, range),
        await ask(query, range, decoded),
        `${query} ${JSON.stringify(range)}`,
      )
    }
    assert.ok(summed > 20, `only ${summed} of 150 were answered by sums`)
  })

  test('answer alone when samples are gone: the same at whole minutes, and they say so', async () => {
    const random = seeded(seed)
    await fill(random)
    const asked = [
      ...functions.map((name) => `${name}(made[90m])`),
      'made',
      'max_over_time(made[3h]) - min_over_time(made[2h] offset 1h)',
      'sum_over_time(made[1m])',
      'count(made)',
    ]
    const range = { startMs: begin + 4 * hour, endMs: begin + 2 * day, stepMs: 20 * minute }
    const before = await Promise.all(asked.map((query) => ask(query, range)))
    await reopen({ keptMs: 1.5 * day })
    const blocks = readdirSync(join(folder, 'blocks'))
    assert.ok(blocks.every((name) => Number(name.split('-')[2]) >= begin + 2.5 * day))
    for (const [nth, query] of asked.entries()) {
      const after = await ask(query, range)
      assert.deepEqual(after.warnings, [
        `samples before ${iso(begin + 2.5 * day)} are gone: summaries of minutes answer in their place`,
      ])
      const expected = before[nth]
      assert.ok(expected !== undefined)
      assertClose(after, expected, query)
    }
    const { series } = store.find({ matchers: [], fromMs: begin, toMs: begin + hour })
    assert.equal(series.length, 6)
  })

  test('of hours answer when those of minutes are gone as well', async () => {
    await fill(seeded(seed))
    const asked = [...functions.map((name) => `${name}(made[6h])`), 'made']
    const range = { startMs: begin + 6 * hour, endMs: begin + 2 * day, stepMs: hour }
    const before = await Promise.all(asked.map((query) => ask(query, range)))
    await reopen({ keptMs: 1.5 * day, keptMinutesMs: day })
    assert.ok(files().every((name) => name.startsWith('hours')))
    for (const [nth, query] of asked.entries()) {
      const after = await ask(query, range)
      assert.match(after.warnings.join(), /summaries of hours answer/)
      const expected = before[nth]
      assert.ok(expected !== undefined)
      assertClose(after, expected, query)
    }
    const between = {
      startMs: begin + 30 * hour + 30 * minute,
      endMs: begin + 40 * hour,
      stepMs: 10 * minute,
    }
    for (const query of ['made{nth="0"}', 'rate(made{nth="0"}[5m])', 'max_over_time(made{nth="0"}[1m])']) {
      const { value } = await ask(query, between)
      assert.equal(
        value.series[0]?.times.length,
        58,
        `${query} has no gaps, though nothing so short is known`,
      )
    }
  })

  test('of many days become one file', async () => {
    const first = Math.ceil(begin / (30 * day)) * 30 * day
    for (let nth = 0; nth < 33; nth += 1) {
      now = first + (nth + 1) * day
      take(store, [sample(first + nth * day + hour, nth), sample(first + nth * day + 3 * hour, nth)])
      await store.settle()
    }
    await settled()
    const hours = files().filter((name) => name.startsWith('hours'))
    assert.deepEqual(
      hours.map((name) => name.split('-').slice(1, 3).map(Number)),
      [
        [first, first + 30 * day - 1],
        [first + 30 * day, first + 31 * day - 1],
        [first + 31 * day, first + 32 * day - 1],
      ],
    )
    const { value } = await ask('sum_over_time(up[1d])', {
      startMs: first + day - minute,
      endMs: first + 33 * day,
      stepMs: day,
    })
    assert.deepEqual(
      [...(value.series[0]?.values ?? [])],
      Array.from({ length: 33 }, (_, nth) => 2 * nth),
    )
  })

  test('leave nothing behind that somebody died over', async () => {
    await fill(seeded(seed))
    store.close()
    const [one = ''] = files().filter((name) => name.startsWith('hours'))
    const bytes = readFileSync(join(folder, 'rollups', one))
    const month = Math.floor(begin / (30 * day)) * 30 * day
    writeFileSync(join(folder, 'rollups', `${one}.new`), bytes.subarray(0, 100))
    writeFileSync(join(folder, 'rollups', `hours-${month}-${month + 30 * day - 1}-99`), bytes)
    store = open()
    assert.deepEqual(
      files().filter((name) => name.startsWith('hours')),
      [`hours-${month}-${month + 30 * day - 1}-99`],
      'days go that are in a file of many',
    )
  })

  test('that were altered are named and set aside, and the rest answers', async () => {
    await fill(seeded(seed))
    const range = { startMs: begin + day, endMs: begin + 3 * day, stepMs: day }
    const query = 'sum_over_time(made[1d])'
    const expected = await ask(query, range, decoded)
    for (const part of [0.3, 0.99]) {
      const [name = ''] = files().filter((each) => each.startsWith('hours'))
      store.close()
      const path = join(folder, 'rollups', name)
      const bytes = readFileSync(path)
      const at = Math.floor(part * bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ 4
      writeFileSync(path, bytes)
      store = open()
      const answer = await ask(query, range)
      assertClose(answer, expected, query)
      assert.match(answer.warnings.join(), new RegExp(name))
      await store.settle()
      assert.deepEqual(store.broken, [join(folder, 'broken', name)])
      await settled()
      assert.equal(files().length, 6, 'it was made anew from the samples')
      assert.deepEqual((await ask(query, range)).warnings, [])
    }
  })

  test('go, the oldest of what there is most of first, where there is a limit', async () => {
    await fill(seeded(seed))
    const { blockBytes } = store.size
    await reopen({ keptBytes: Math.floor(blockBytes / 2) })
    assert.ok(store.size.blockBytes <= blockBytes / 2)
    assert.ok(files().length > 0)
    assert.ok(readdirSync(join(folder, 'blocks')).length > 0)
  })

  test('have nothing of what was deleted, whether samples are there or not', async () => {
    await fill(seeded(seed))
    await reopen({ keptMs: 1.5 * day })
    const range = { startMs: begin + hour, endMs: begin + 3.5 * day, stepMs: hour }
    const query = 'count_over_time(made{nth="0"}[1h])'
    const countsOf = async (): Promise<ReadonlyMap<number, number>> => {
      const [series] = (await ask(query, range)).value.series
      return new Map(Array.from(series?.times ?? [], (ms, at) => [ms, series?.values[at] ?? 0]))
    }
    const before = await countsOf()
    const others = 'count_over_time(made{nth!="0"}[1h])'
    const othersBefore = await ask(others, range)
    const spans = [
      [begin + 10.5 * hour, begin + 13.25 * hour],
      [begin + 66.5 * hour, begin + 70.25 * hour],
    ] as const
    for (const [fromMs, toMs] of spans) {
      const matchers = [[{ name: 'nth', operator: '=', value: '0' } as const]]
      assert.equal(await store.delete({ matchers, fromMs, toMs, who: 'ada', atMs: now }), 1)
    }
    const isLeft = async (): Promise<void> => {
      const after = await countsOf()
      for (const [ms, count] of before) {
        const isWhole = spans.every(([fromMs, toMs]) => ms < fromMs || ms - hour > toMs)
        const isGone = spans.some(([fromMs, toMs]) => ms - hour >= fromMs && ms < toMs)
        if (isWhole) assert.equal(after.get(ms), count, iso(ms))
        if (isGone) assert.equal(after.get(ms) ?? 0, 0, iso(ms))
      }
      assertNear(after.get(begin + 67 * hour), 30, 'half an hour is left, as its samples are there')
      assertClose(await ask(others, range), othersBefore, others)
    }
    await isLeft()
    await store.clean()
    await isLeft()
    assert.deepEqual(readdirSync(folder).includes('deletions'), false, 'no file has any of it')
    await reopen({ keptMs: 1.5 * day })
    await isLeft()
  })

  test('are part of a snapshot', async () => {
    await fill(seeded(seed))
    const beside = `${folder}-snapshot`
    store.snapshot(beside)
    assert.deepEqual(readdirSync(join(beside, 'rollups')).toSorted(), files())
    rmSync(beside, { recursive: true })
  })

  test('do not have what came later than they were made, and are not asked then', async () => {
    await fill(seeded(seed))
    const samples = [0, 1, 2].map((nth) => ({ ...sample(begin + day + nth * hour + minute, 7) }))
    await reopen({ lateMs: 4 * day })
    assert.equal(take(store, samples).taken, 3)
    await settled()
    const range = { startMs: begin + 2 * day, endMs: begin + 2 * day, stepMs: day }
    const { value } = await ask('sum_over_time(up[1d])', range)
    assert.deepEqual([...(value.series[0]?.values ?? [])], [21])
  })

  async function reopen(options: Partial<StoreOptions>): Promise<void> {
    store.close()
    store = open(options)
    await settled()
  }
})

type Range = Readonly<{ startMs: number; endMs: number; stepMs: number }>

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z')

const sample = (ms: number, value: number): Sample => ({ labels: labelsOf({ __name__: 'up' }), ms, value })

const spanOf = ({ startMs, endMs }: Range) => ({ fromMs: startMs - 60 * hour, toMs: endMs })
const windowsOf = ({ startMs, endMs, stepMs }: Range) => ({
  endMs: startMs,
  stepMs,
  count: Math.floor((endMs - startMs) / stepMs) + 1,
  rangeMs: 60 * hour,
})

/** Times of all kinds: at whole hours, and beside them. */
function drawnRange(random: Random): Range {
  const beside = random.pick([0, 0, 0, random.between(0, hour)])
  const startMs = begin + random.between(24, 64) * hour + beside
  const stepMs = random.pick([hour, 2 * hour, 12 * hour, day, random.between(1, 48) * 30 * minute])
  const endMs = startMs + random.between(0, random.pick([8, 8, 40])) * hour
  return { startMs, endMs, stepMs }
}

/** Twelve hours of six series: counters that fall, steps, waves and odd values, with gaps and ends. */
function drawn(random: Random, fromMs: number, odd: readonly number[]): readonly Sample[] {
  const samples: Sample[] = []
  for (let nth = 0; nth < 6; nth += 1) {
    const labels = labelsOf({ __name__: 'made', nth: String(nth) })
    let value = random.between(0, 1000)
    for (let ms = fromMs + nth; ms < fromMs + 12 * hour; ms += minute) {
      if (nth > 0 && random.between(0, 300) === 0) ms += random.between(1, 90) * minute
      if (ms >= fromMs + 12 * hour) break
      if (nth < 2)
        value = random.between(0, 200) === 0 ? random.between(0, 5) : value + random.between(0, 9) / 4
      else value = nth === 2 ? Math.round(value + random.between(-5, 6)) : Math.sin(ms / hour) * 100 + nth
      const isOdd = nth === 5 && random.between(0, 400) === 0
      const isEnd = nth > 3 && random.between(0, 200) === 0
      samples.push({
        labels,
        ms,
        value: isOdd ? random.pick(odd) : value,
        ...(isEnd ? { stale: true as const } : {}),
      })
    }
  }
  return samples
}

function assertNear(value: number | undefined, expected: number, why: string): void {
  assert.ok(value !== undefined && Math.abs(value - expected) <= 1, `${why}: ${value}`)
}

/** Refuses values that differ by more than their last digits. */
function assertClose(one: Answered, other: Answered, query: string): void {
  const shape = ({ value }: Answered): unknown =>
    value.series.map(({ labels, times }) => [labels, [...times]])
  assert.deepEqual(shape(one), shape(other), query)
  const valuesOf = ({ value }: Answered): readonly number[] =>
    value.series.flatMap(({ values }) => [...values])
  const others = valuesOf(other)
  for (const [at, value] of valuesOf(one).entries()) {
    const expected = others[at] ?? NaN
    const isClose = Object.is(value, expected) || Math.abs(value - expected) <= 1e-9 * Math.abs(expected)
    assert.ok(isClose || value === expected, `${query}: ${value} is not ${expected}`)
  }
}
