import { compareLabels } from '../labels.ts'
import type { Run, SampleSource } from '../source.ts'
import type { Answer, Series, Value } from './answer.ts'
import { bare, type Expression, type VectorSelector } from './ast.ts'
import { Budget, type Limits } from './evaluate/budget.ts'
import { type Column, isAt } from './evaluate/column.ts'
import { frameOf } from './evaluate/evaluate.ts'
import type { Frame, Query } from './evaluate/frame.ts'
import { endOf, type Grid, instant, timeAt } from './evaluate/grid.ts'
import { pinnedParts } from './evaluate/pinned.ts'
import { selectionsOf } from './evaluate/selections.ts'
import { windowFinder } from './evaluate/windows.ts'
import { QueryFailure } from './failure.ts'
import { documented, typeOf } from './types.ts'

export type Asking = Readonly<{
  source: SampleSource
  limits: Limits
  /** How old the latest sample of a series may be before the series counts as gone. */
  lookbackMs: number
  /** The step of subqueries that name none. */
  subqueryStepMs: number
}>

/** What Prometheus does where nobody says otherwise. */
export const usual: Omit<Asking, 'source'> = {
  limits: { maxSamples: 50_000_000, timeoutMs: 120_000, isAborted: () => false },
  lookbackMs: 300_000,
  subqueryStepMs: 60_000,
}

/** What an expression comes to at one time. Throws QueryFailure where it has no answer. */
export async function askAt(expression: Expression, atMs: number, asking: Asking): Promise<Answer> {
  const { frame, warnings } = await prepared(expression, instant(atMs), asking)
  return { value: valueAt(expression, frame), warnings }
}

/**
 * What an expression comes to at each time from `startMs` to `endMs`, `stepMs` apart; all whole numbers. Throws
 * QueryFailure where it has no answer.
 */
export async function askRange(
  expression: Expression,
  range: Readonly<{ startMs: number; endMs: number; stepMs: number }>,
  asking: Asking,
): Promise<Answer<Value & { type: 'matrix' }>> {
  refuseUnlessGraph(expression)
  const { startMs, endMs, stepMs } = range
  const grid = { startMs, stepMs, count: Math.max(0, Math.floor((endMs - startMs) / stepMs) + 1) }
  if (grid.count === 0) return { value: { type: 'matrix', series: [] }, warnings: [] }
  const { frame, warnings } = await prepared(expression, grid, asking, endMs)
  return { value: { type: 'matrix', series: graph(expression, frame) }, warnings }
}

/** Refuses what cannot be drawn; the API says so before anything is asked. */
export function refuseUnlessGraph(expression: Expression): void {
  const type = typeOf(expression)
  if (type !== 'scalar' && type !== 'vector')
    throw new QueryFailure(
      'execution',
      `invalid expression type "${documented(type)}" for range query, must be Scalar or instant Vector`,
    )
}

type Prepared = Readonly<{ frame: Frame; warnings: readonly string[] }>

/** Finds the series of all selectors at once, before anything is computed. */
async function prepared(
  expression: Expression,
  grid: Grid,
  { source, limits, lookbackMs, subqueryStepMs }: Asking,
  endMs = endOf(grid),
): Promise<Prepared> {
  const settings = { startMs: grid.startMs, endMs, lookbackMs, subqueryStepMs }
  const budget = new Budget(limits)
  const selections = [...selectionsOf(expression, grid, settings)]
  const found = await Promise.all(
    selections.map(async ([selector, selection]) => [selector, await source.select(selection)] as const),
  )
  const runs = new Map<VectorSelector, Iterable<Run>>(
    found.map(([selector, selected]) => [selector, selected.runs]),
  )
  const pinned = pinnedParts(expression)
  const query: Query = {
    ...settings,
    budget,
    runsOf: (selector) => runs.get(selector) ?? [],
    isPinned: (node) => pinned.has(node),
  }
  const warnings = [...new Set(found.flatMap(([, selected]) => selected.warnings))]
  return { frame: frameOf(query, grid), warnings }
}

function valueAt(expression: Expression, frame: Frame): Value {
  const node = bare(expression)
  const atMs = frame.grid.startMs
  if (node.type === 'string') return { type: 'string', atMs, value: node.value }
  switch (typeOf(node)) {
    case 'scalar':
      return { type: 'scalar', atMs, value: frame.scalar(node)[0] ?? NaN }
    case 'matrix':
      return { type: 'matrix', series: windowed(node, frame) }
    case 'vector':
    case 'string': {
      const columns = [...frame.vector(node)]
      return {
        type: 'vector',
        samples: columns.map(({ labels, values }) => ({ labels, atMs, value: values[0] ?? NaN })),
      }
    }
  }
}

/** The samples in the window of a range vector, as they are. */
function windowed(node: Expression, frame: Frame): readonly Series[] {
  const { series, reach } = frame.ranged(node)
  const find = windowFinder(frame.grid, reach)
  const windows: Series[] = []
  for (const { labels, times, values } of series) {
    const { from, to } = find(times)
    const [first = 0] = from
    const [next = 0] = to
    frame.query.budget.take(next - first)
    if (next > first)
      windows.push({ labels, times: times.slice(first, next), values: values.slice(first, next) })
  }
  return windows.toSorted((a, b) => compareLabels(a.labels, b.labels))
}

function graph(expression: Expression, frame: Frame): readonly Series[] {
  if (typeOf(expression) === 'scalar')
    return [seriesOf({ labels: [], values: frame.scalar(expression), present: null }, timesOf(frame.grid))]
  const whole = timesOf(frame.grid)
  return Array.from(frame.vector(expression), (column) => seriesOf(column, whole)).toSorted((a, b) =>
    compareLabels(a.labels, b.labels),
  )
}

function timesOf(grid: Grid): Float64Array {
  const times = new Float64Array(grid.count)
  for (let step = 0; step < times.length; step += 1) times[step] = timeAt(grid, step)
  return times
}

/** `whole` are the times of all steps. */
function seriesOf({ labels, values, present }: Column, whole: Float64Array): Series {
  if (present === null) return { labels, times: whole, values }
  const isKept = (_: number, step: number): boolean => isAt(present, step)
  return { labels, times: whole.filter(isKept), values: values.filter(isKept) }
}
