import type { Labels } from '../../labels.ts'
import type { Run } from '../../source.ts'
import type { Summed } from '../../summaries.ts'
import type { Expression, Pin, VectorSelector } from '../ast.ts'
import type { Column } from './column.ts'
import type { Grid } from './grid.ts'
import type { Budget } from './budget.ts'

/** What stays the same through one whole query. */
export type Query = Readonly<{
  /** The first and the last time of the whole query, which `@ start()` and `@ end()` mean. */
  startMs: number
  endMs: number
  lookbackMs: number
  subqueryStepMs: number
  budget: Budget
  /** The samples of a selector of this query; each may be taken once. */
  runsOf: (selector: VectorSelector) => Iterable<Run>
  /** Whether an expression comes to the same at every time. */
  isPinned: (node: Expression) => boolean
}>

/** Samples of one series, without markers of staleness. */
export type Samples = Readonly<{
  labels: Labels
  times: Float64Array
  values: Float64Array
  /** Of which the times and values are only those of the last samples of each place; `unsummed` gives all where they are there. */
  summed?: Summed
  unsummed?: () => Samples
}>

/** Where windows end for each step, and how long they are. */
export type Reach = Readonly<{ pinMs: number | null; offsetMs: number; rangeMs: number }>

/** The series of a range vector, and the windows in which they are seen. */
export type Ranged = Readonly<{ series: Iterable<Samples>; reach: Reach }>

/** An expression is asked about the times of a grid; the parts of it are asked through the frame. */
export type Frame = Readonly<{
  query: Query
  grid: Grid
  scalar: (node: Expression) => Float64Array
  vector: (node: Expression) => Iterable<Column>
  /** As `vector`, for those who keep none of its columns: the values of each are good until the next one is taken. */
  passing: (node: Expression) => Iterable<Column>
  ranged: (node: Expression) => Ranged
}>

export function pinnedMs(
  pin: Pin | null,
  { startMs, endMs }: Pick<Query, 'startMs' | 'endMs'>,
): number | null {
  if (pin === null) return null
  if (pin.type === 'time') return pin.ms
  return pin.type === 'start' ? startMs : endMs
}
