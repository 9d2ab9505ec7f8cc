import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Random, seeded } from '../../../../lab/random.ts'
import { labelsOf } from '../../labels.ts'
import { MemorySource, type WrittenSample } from '../../memory-source.ts'
import type { Run, SampleSource, Selection } from '../../source.ts'
import { summarize } from '../../storage/rollup/summarize.ts'
import { type Asking, askAt, askRange, usual } from '../engine.ts'
import { parseQuery } from '../parse/parse.ts'

type Answered = Awaited<ReturnType<typeof askRange>>

const minute = 60_000
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)
const functions = [
  ...['count', 'sum', 'avg', 'min', 'max', 'last', 'present'].map((name) => `${name}_over_time`),
  'rate',
  'increase',
  'delta',
  'resets',
]

/** Answers with sums of minutes wherever windows are asked about. */
function summing(source: SampleSource, lengthMs: number, isGone: boolean): SampleSource {
  const summed = (run: Run): Run => {
    const { columns } = summarize(run, lengthMs)
    const lengths = new Float64Array(columns.counts.length).fill(isGone ? lengthMs : 0)
    const { lastTimes: times, lasts: values } = columns
    const sums = { labels: run.labels, times, values, stale: null, summed: { columns, lengths } }
    return isGone ? sums : { ...sums, unsummed: () => run }
  }
  return {
    select: async (selection: Selection) => {
      if (selection.windows === undefined) return source.select(selection)
      const fromMs = Math.floor(selection.fromMs / lengthMs) * lengthMs
      const toMs = Math.ceil(selection.toMs / lengthMs) * lengthMs
      const { runs, warnings } = await source.select({ ...selection, fromMs, toMs })
      return { runs: Array.from(runs, summed), warnings }
    },
  }
}

describe('a function that is told sums in place of samples', () => {
  const asking = (source: SampleSource): Asking => ({ ...usual, source })
  const valueOf = async (query: string, atMs: number, source: SampleSource): Promise<number | null> => {
    const { value } = await askAt(parseQuery(query), atMs, asking(source))
    assert.ok(value.type === 'vector')
    return value.samples[0]?.value ?? null
  }

  test(`comes to the same where windows end with minutes (SEED=${seed})`, async () => {
    const random = seeded(seed)
    for (let round = 0; round < 200; round += 1) {
      const samples = new MemorySource()
      for (let nth = 0; nth < 4; nth += 1)
        samples.write(labelsOf({ __name__: 'made', nth: String(nth) }), drawn(random))
      const query = `${random.pick(functions)}(made[${random.between(1, 30)}m] offset ${random.between(1, 5)}m)`
      const stepMs = random.between(1, 20) * minute
      const range = { startMs: 10 * minute, endMs: 120 * minute, stepMs }
      const plain = await askRange(parseQuery(query), range, asking(samples))
      const summed = await askRange(parseQuery(query), range, asking(summing(samples, minute, false)))
      assertClose(summed, plain, query)
    }
  })

  const counter = (): MemorySource => {
    const source = new MemorySource()
    const everySecond = Array.from({ length: 7200 }, (_, nth) => ({ atMs: nth * 1000, value: 2 * nth }))
    source.write(labelsOf({ __name__: 'made' }), everySecond)
    return source
  }

  test('knows one sample of a stretch that an edge cuts', async () => {
    const source = summing(counter(), minute, true)
    // From 29.5 to 59.5 minutes: the last of the first minute, 29 whole ones, and the first of the one behind.
    const known = 1 + 29 * 60 + 1
    const share = (30 * 60) / (29 * 60 + 1)
    assertNear(await valueOf('count_over_time(made[30m])', 59.5 * minute, source), known * share)
    assert.equal(await valueOf('min_over_time(made[30m])', 59.5 * minute, source), 2 * (29 * 60 + 59))
    assertNear(await valueOf('rate(made[30m])', 59.5 * minute, source), 2)
  })

  test('widens a window that is shorter than what is known, and takes the share of amounts', async () => {
    const source = summing(counter(), 60 * minute, true)
    const at = 45 * minute
    assert.equal(await valueOf('count_over_time(made[5m])', at, source), 300)
    assert.equal(await valueOf('max_over_time(made[5m])', at, source), 7198)
    assertNear(await valueOf('rate(made[5m])', at, source), 2)
    assertNear(await valueOf('increase(made[5m])', at, source), 600)
    assertNear(await valueOf('rate(made[5m])', 60 * minute, source), 2)
  })

  test('takes the samples where sums have lost their digits', async () => {
    const samples = new MemorySource()
    const values = [1e100, 1, -1e100, 1]
    samples.write(
      labelsOf({ __name__: 'made' }),
      values.map((value, nth) => ({ atMs: nth * minute, value })),
    )
    const query = 'sum_over_time(made[10m])'
    assert.equal(await valueOf(query, 4 * minute, summing(samples, 2 * minute, false)), 2)
    assert.equal(await valueOf(query, 4 * minute, summing(samples, 2 * minute, true)), 0)
  })
})

/** Samples of two hours, with gaps, ends, falls, and values of all kinds. */
function drawn(random: Random): readonly WrittenSample[] {
  const isCounter = random.between(0, 1) === 0
  const odd = [NaN, Infinity, -Infinity, 1e300, -0, 'stale'] as const
  const samples: WrittenSample[] = []
  let value = random.between(0, 1000)
  for (let ms = random.between(0, 5 * minute); ms < 120 * minute; ms += random.between(1, 4) * 5000) {
    if (random.between(0, 99) === 0) ms += random.between(0, 10) * minute
    value = isCounter ? value + random.between(0, 9) / 8 : random.between(-1000, 1000) / 10
    if (random.between(0, 50) === 0) value = random.between(0, 3)
    samples.push({ atMs: ms, value: random.between(0, 60) === 0 ? random.pick(odd) : value })
  }
  return samples
}

function assertNear(value: number | null, expected: number): void {
  assert.ok(value !== null && Math.abs(value - expected) < 1e-9 * expected, `${value} is not ${expected}`)
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
