import { metricName } from '../labels.ts'
import type { Budget } from './budget.ts'
import type { Refusals } from './refusals.ts'

/** How many series that got samples lately have this. */
export type Counted = Readonly<{ name: string; series: number }>
export type CountedPair = Readonly<{ label: string; value: string; series: number }>

/** A metric: who sends most of its series, and which of its labels has the most values. */
export type CountedMetric = Counted &
  Readonly<{ jobs: readonly Counted[]; widest: Readonly<{ label: string; values: number }> | null }>

/** How much there is: series that got samples lately, blocks, and samples in memory. */
export type StoreSize = Readonly<{
  series: number
  blocks: number
  samples: number
  blockBytes: number
  rollupBytes: number
}>

/** What is in the store, and of what there is most. */
export type Top = Readonly<{
  series: number
  samplesPerSecond: number
  /** In blocks, in rollups, in the log, and in memory. */
  bytes: Readonly<{ blocks: number; rollups: number; log: number; memory: number }>
  blocks: number
  /** What is in memory, in pieces of one series: from when on there may be some, to the newest; null when nothing is. */
  head: Readonly<{ pieces: number; span: Readonly<{ fromMs: number; toMs: number }> | null }>
  /** The first and the last segment of the log. */
  log: Readonly<{ first: number; last: number }>
  /** How many files were not as they were written, since the start. */
  corruptions: number
  metrics: readonly CountedMetric[]
  /** Those without a job are of the empty one. */
  jobs: readonly Counted[]
  hosts: readonly Counted[]
  /** Pairs of any label and a value of it, names of metrics too. */
  pairs: readonly CountedPair[]
  /** How many different pairs there are. */
  pairsInAll: number
  /** How many values a label has, all metrics together; and how many bytes these are, each once. */
  labels: readonly Readonly<{ name: string; values: number; bytes: number }>[]
  refused: readonly Refusals[]
}>

/** The largest of everything that there is. */
export function countTop(
  budget: Budget,
  most: number,
): Pick<Top, 'metrics' | 'jobs' | 'hosts' | 'pairs' | 'pairsInAll' | 'labels'> {
  const pairs = budget.pairs()
  const of = (label: string): readonly Counted[] =>
    largest(
      [...(pairs.get(label) ?? [])].map(([name, series]) => ({ name, series })),
      ({ series }) => series,
      most,
    )
  const all = [...pairs].flatMap(([label, values]) =>
    [...values].map(([value, series]) => ({ label, value, series })),
  )
  const labels = [...pairs].map(([name, values]) => ({ name, values: values.size, bytes: bytesOf(values) }))
  return {
    metrics: of(metricName).map((counted) => countMetric(budget, counted)),
    jobs: largest(jobsIn(pairs.get('job'), budget.series), ({ series }) => series, most),
    hosts: of('host'),
    pairsInAll: all.length,
    pairs: largest(all, ({ series }) => series, most),
    labels: largest(labels, ({ values }) => values, most),
  }
}

/** So many of those who send a metric are named. */
const mostJobs = 2

function countMetric(budget: Budget, counted: Counted): CountedMetric {
  const labels = budget.labelsOf(counted.name)
  const widths = [...labels].flatMap(([label, values]) =>
    label === metricName ? [] : [{ label, values: values.size }],
  )
  return {
    ...counted,
    jobs: largest(jobsIn(labels.get('job'), counted.series), ({ series }) => series, mostJobs),
    widest: largest(widths, ({ values }) => values, 1)[0] ?? null,
  }
}

/** How many of the series are of which job; those without one are of the empty one. */
function jobsIn(jobs: ReadonlyMap<string, number> = new Map(), series: number): readonly Counted[] {
  const counted = [...jobs].map(([name, each]) => ({ name, series: each }))
  const without = series - counted.reduce((sum, each) => sum + each.series, 0)
  return without > 0 ? [...counted, { name: '', series: without }] : counted
}

function bytesOf(values: ReadonlyMap<string, number>): number {
  let bytes = 0
  for (const value of values.keys()) bytes += Buffer.byteLength(value)
  return bytes
}

function largest<T>(list: readonly T[], size: (one: T) => number, most: number): readonly T[] {
  return list.toSorted((a, b) => size(b) - size(a)).slice(0, most)
}
