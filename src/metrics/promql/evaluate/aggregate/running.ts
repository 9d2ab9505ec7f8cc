import type { Labels } from '../../../labels.ts'
import type { Aggregator } from '../../ast.ts'
import { type Column, isAt } from '../column.ts'

export type RunningOperator = Exclude<Aggregator, 'topk' | 'bottomk' | 'quantile' | 'count_values'>

/** A group that is computed while its series go by; none of them is kept. */
export type Running = Readonly<{ add: (column: Column) => void; done: (labels: Labels) => Column }>

/** `values` and, where the operator needs them, `means` and `counts` of what was seen, by step. */
type State = Readonly<{ values: Float64Array; means: Float64Array; counts: Float64Array }>

/** Takes in the values of a series, where there are any. */
type Take = (state: State, column: Pick<Column, 'values' | 'present'>) => void
type Step = (state: State, step: number, value: number) => void

export function running(operator: RunningOperator, count: number): Running {
  const state: State = {
    values: new Float64Array(count),
    means: new Float64Array(count),
    counts: new Float64Array(count),
  }
  const take = takes[operator]
  return {
    add: (column) => take(state, column),
    done: (labels) => {
      const present = Uint8Array.from(state.counts, (seen) => (seen > 0 ? 1 : 0))
      const values = finished(operator, state)
      return { labels, values, present: present.includes(0) ? present : null }
    },
  }
}

const takes: Readonly<Record<RunningOperator, Take>> = {
  sum,
  count,
  group: count,
  avg: each(({ means, counts }, step, value) => {
    const mean = means[step] ?? 0
    const seen = counts[step] ?? 1
    // An infinite mean stays, unless what comes is NaN or the other infinity.
    const isSettled = Math.abs(mean) === Infinity && !Number.isNaN(value) && value !== -mean
    if (!isSettled) means[step] = seen === 1 ? value : mean + (value / seen - mean / seen)
  }),
  min: each(({ values, counts }, step, value) => {
    const least = values[step] ?? 0
    if (counts[step] === 1 || value < least || Number.isNaN(least)) values[step] = value
  }),
  max: each(({ values, counts }, step, value) => {
    const most = values[step] ?? 0
    if (counts[step] === 1 || value > most || Number.isNaN(most)) values[step] = value
  }),
  stddev: each(spread),
  stdvar: each(spread),
}

function each(take: Step): Take {
  return (state, { values, present }) => {
    for (let step = 0; step < values.length; step += 1) {
      if (!isAt(present, step)) continue
      state.counts[step] = (state.counts[step] ?? 0) + 1
      take(state, step, values[step] ?? 0)
    }
  }
}

/** Those that are asked about many series have no call for each value. */
function sum(state: State, { values, present }: Pick<Column, 'values' | 'present'>): void {
  const { values: sums, counts } = state
  for (let step = 0; step < values.length; step += 1) {
    if (present !== null && present[step] === 0) continue
    sums[step] = (sums[step] ?? 0) + (values[step] ?? 0)
    counts[step] = (counts[step] ?? 0) + 1
  }
}

function count({ counts }: State, { values, present }: Pick<Column, 'values' | 'present'>): void {
  for (let step = 0; step < values.length; step += 1)
    if (present === null || present[step] === 1) counts[step] = (counts[step] ?? 0) + 1
}

/** Welford's running variance, without the last division. */
function spread({ values, means, counts }: State, step: number, value: number): void {
  if (counts[step] === 1) {
    means[step] = value
    return
  }
  const delta = value - (means[step] ?? 0)
  const mean = (means[step] ?? 0) + delta / (counts[step] ?? 1)
  means[step] = mean
  values[step] = (values[step] ?? 0) + delta * (value - mean)
}

function finished(operator: RunningOperator, { values, means, counts }: State): Float64Array {
  if (operator === 'avg') return means
  if (operator === 'count') return counts
  if (operator === 'group') return counts.map((seen) => Math.min(seen, 1))
  if (operator === 'stdvar') return values.map((squares, step) => squares / (counts[step] ?? 1))
  if (operator === 'stddev') return values.map((squares, step) => Math.sqrt(squares / (counts[step] ?? 1)))
  return values
}
