import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labelsOf } from '../src/metrics/labels.ts'
import { askRange, usual } from '../src/metrics/promql/engine.ts'
import { parseQuery } from '../src/metrics/promql/parse/parse.ts'
import type { SampleSource } from '../src/metrics/source.ts'
import { SampleStore } from '../src/metrics/storage/sample-store.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom } from './lib/words.ts'

export type LongRangeFigures = Readonly<{
  samples: number
  /** Of samples alone, and of the summaries beside them, for each sample. */
  bytes_per_sample: number
  rollup_bytes_per_sample: number
  /** Milliseconds of CPU for each sample that was summed up, times a million. */
  roll_ns_per_sample: number
  /** Milliseconds of CPU, the median of a query with summaries, and of the same from samples. */
  summed_ms: Readonly<Record<string, number>>
  decoded_ms: Readonly<Record<string, number>>
}>

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const begin = 20_000 * day
const rounds = 5

type Question = Readonly<{ query: string; startMs: number; endMs: number; stepMs: number }>

function questions(days: number): Readonly<Record<string, Question>> {
  const endMs = begin + days * day
  const at = (query: string): Question => ({ query, startMs: endMs, endMs, stepMs: day })
  const over = (query: string, stepMs: number, besideMs = 0): Question => ({
    query,
    startMs: begin + day + besideMs,
    endMs: endMs - day,
    stepMs,
  })
  return {
    average_of_all: at(`sum(avg_over_time(gauge[${days}d]))`),
    increase_of_all: at(`sum(increase(counter[${days}d]))`),
    beside_hours: { ...at(`sum(increase(counter[${days - 1}d]))`), startMs: endMs - 17 * minute },
    by_day: over('sum(max_over_time(gauge[1d]))', day),
    by_hour: over('sum(rate(counter[1h]))', hour),
    by_hour_of_one: over('rate(counter{nth="7"}[1h])', hour),
    six_hours_beside: over('sum(rate(counter[6h]))', 6 * hour, 10 * minute),
    last_two_days: { ...at('sum(avg_over_time(gauge[2d]))') },
  }
}

async function fill(store: SampleStore, asked: Asked, setNow: (ms: number) => void): Promise<number> {
  const { series, days, step } = asked
  const number = (nth: number): number =>
    store.numberOf(
      labelsOf({ __name__: nth % 2 === 0 ? 'gauge' : 'counter', nth: String(nth), job: 'bench' }),
    )
  const numbers = Array.from({ length: series }, (_, nth) => number(nth))
  const values = new Float64Array(series)
  let rollMs = 0
  for (let nth = 0; nth < days; nth += 1) {
    for (let ms = begin + nth * day; ms < begin + (nth + 1) * day; ms += step * 1000) {
      setNow(ms)
      for (let at = 0; at < series; at += 1)
        values[at] =
          at % 2 === 0
            ? Math.round(500 + 400 * Math.sin(ms / hour + at) + (ms % 7)) / 10
            : (values[at] ?? 0) + ((ms / 1000 + at) % 13)
      store.take({ series: numbers, times: numbers.map(() => ms), values: [...values], stale: [] })
    }
    const before = process.cpuUsage()
    await store.settle()
    const { user, system } = process.cpuUsage(before)
    rollMs += (user + system) / 1000
  }
  return rollMs
}

async function medianMs(source: SampleSource, { query, ...range }: Question): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage()
    await askRange(parseQuery(query), range, { ...usual, source })
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
  }
  return Math.round(10 * (times.toSorted((a, b) => a - b)[rounds >> 1] ?? NaN)) / 10
}

type Asked = Readonly<{ series: number; days: number; step: number }>

const asked: Asked = numbersFrom(process.argv.slice(2), { series: 300, days: 30, step: 30 })
const folder = await mkdtemp(join(tmpdir(), 'tandem-long-ranges-'))
try {
  let now = begin
  const store = new SampleStore({
    folder,
    now: () => now,
    seriesLimit: 1e6,
    seriesOfNameLimit: 1e6,
    keptMs: 90 * day,
  })
  const settleMs = await fill(store, asked, (ms) => (now = ms))
  now = begin + asked.days * day
  await store.settle()
  /** Told of no windows, the store answers from samples. */
  const decoded: SampleSource = {
    select: ({ matchers, fromMs, toMs }) => store.select({ matchers, fromMs, toMs }),
  }
  const summed: Record<string, number> = {}
  const plain: Record<string, number> = {}
  for (const [name, question] of Object.entries(questions(asked.days))) {
    summed[name] = await medianMs(store, question)
    plain[name] = await medianMs(decoded, question)
  }
  const samples = (asked.series * asked.days * day) / (asked.step * 1000)
  const { blockBytes, rollupBytes } = store.size
  console.log(
    table([
      ['', 'with sums, ms of CPU', 'from samples, ms of CPU'],
      ...Object.keys(summed).map((name) => [name, summed[name] ?? NaN, plain[name] ?? NaN]),
    ]),
  )
  console.log(load(), JSON.stringify(store.size))
  const figures: LongRangeFigures = {
    samples,
    bytes_per_sample: Math.round((1000 * blockBytes) / samples) / 1000,
    rollup_bytes_per_sample: Math.round((1000 * rollupBytes) / samples) / 1000,
    roll_ns_per_sample: Math.round((1e6 * settleMs) / samples),
    summed_ms: summed,
    decoded_ms: plain,
  }
  console.log(JSON.stringify(figures))
  store.close()
} finally {
  await rm(folder, { recursive: true, force: true })
}
