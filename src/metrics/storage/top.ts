import { metricName } from '../labels.ts'
import type { Budget } from './budget.ts'
import type { Refusals } from './refusals.ts'

/** How many series that got samples lately have this. */
export type Counted = Readonly<{ name: string; series: number }>
export type CountedPair = Readonly<{ label: string; value: string; series: number }>

/** What is in the store, and of what there is most. */
export type Top = Readonly<{
  series: number
  samplesPerSecond: number
  /** In blocks, in the log, and in memory. */
  bytes: Readonly<{ blocks: number; log: number; memory: number }>
  blocks: number
  metrics: readonly Counted[]
  jobs: readonly Counted[]
  hosts: readonly Counted[]
  /** Pairs of any label and a value of it. */
  pairs: readonly CountedPair[]
  /** How many different pairs there are. */
  pairsInAll: number
  /** How many values a label has, all metrics together. */
  labels: readonly Readonly<{ name: string; values: number }>[]
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
    label === metricName ? [] : [...values].map(([value, series]) => ({ label, value, series })),
  )
  const labels = [...pairs].map(([name, values]) => ({ name, values: values.size }))
  return {
    metrics: of(metricName),
    jobs: of('job'),
    hosts: of('host'),
    pairsInAll: all.length,
    pairs: largest(all, ({ series }) => series, most),
    labels: largest(labels, ({ values }) => values, most),
  }
}

function largest<T>(list: readonly T[], size: (one: T) => number, most: number): readonly T[] {
  return list.toSorted((a, b) => size(b) - size(a)).slice(0, most)
}
