import { compareLabels } from '../labels.ts'
import type { Run, SampleSource, Selected, Selection } from '../source.ts'
import type { Answer, Series, Value } from './answer.ts'
import { bare, type Expression, type VectorSelector } from './ast.ts'
import { Budget, type Limits } from './evaluate/budget.ts'
import { type Column, isAt } from './evaluate/column.ts'
import { frameOf } from './evaluate/evaluate.ts'
import type { Frame, Query } from './evaluate/frame.ts'
import { type Grid, instant, timeAt } from './evaluate/grid.ts'
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

/** The same where series are found at once, so that nobody needs to wait. */
export type AskingNear = Omit<Asking, 'source'> & Readonly<{ look: (selection: Selection) => Selected }>

/** What Prometheus does where nobody says otherwise. */
export const usual: Omit<Asking, 'source'> = {
  limits: { maxSamples: 50_000_000, timeoutMs: 120_000, isAborted: () => false },
  lookbackMs: 300_000,
  subqueryStepMs: 60_000,
}

/** What an expression comes to at one time. Throws QueryFailure where it has no answer. */
export async function askAt(expression: Expression, atMs: number, asking: Asking): Promise<Answer> {
  const grid = instant(atMs)
  return tellAt(expression, atMs, await nearBy(expression, { grid, endMs: atMs }, asking))
}

export function tellAt(expression: Expression, atMs: number, asking: AskingNear): Answer {
  const { frame, warnings } = prepared(expression, { grid: instant(atMs), endMs: atMs }, asking)
  const value = valueAt(expression, frame)
  return { value, warnings: warnings() }
}

type Range = Readonly<{ startMs: number; endMs: number; stepMs: number }>

/**
 * What an expression comes to at each time from `startMs` to `endMs`, `stepMs` apart; all whole numbers. Throws
 * QueryFailure where it has no answer.
 */
export async function askRange(
  expression: Expression,
  range: Range,
  asking: Asking,
): Promise<Answer<Value & { type: 'matrix' }>> {
  refuseUnlessGraph(expression)
  const times = { grid: gridOf(range), endMs: range.endMs }
  return tellRange(expression, range, await nearBy(expression, times, asking))
}

export function tellRange(
  expression: Expression,
  range: Range,
  asking: AskingNear,
): Answer<Value & { type: 'matrix' }> {
  refuseUnlessGraph(expression)
  const grid = gridOf(range)
  if (grid.count === 0) return { value: { type: 'matrix', series: [] }, warnings: [] }
  const { frame, warnings } = prepared(expression, { grid, endMs: range.endMs }, asking)
  const series = graph(expression, frame)
  return { value: { type: 'matrix', series }, warnings: warnings() }
}

function gridOf({ startMs, endMs, stepMs }: Range): Grid {
  return { startMs, stepMs, count: Math.max(0, Math.floor((endMs - startMs) / stepMs) + 1) }
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

/** Sources may have more to warn of once they were read. */
type Prepared = Readonly<{ frame: Frame; warnings: () => readonly string[] }>

/** The times of a question: its grid, and its last time, which may lie between those of the grid. */
type Times = Readonly<{ grid: Grid; endMs: number }>

/** Finds the series of all selectors at once, before anything is computed. */
async function nearBy(
  expression: Expression,
  { grid, endMs }: Times,
  { source, ...asking }: Asking,
): Promise<AskingNear> {
  const selections =
    grid.count === 0
      ? []
      : selectionsOf(expression, grid, { startMs: grid.startMs, endMs, ...asking }).values()
  const found = await Promise.all([...selections].map((selection) => source.select(selection)))
  // They are looked for again in the order in which they were found.
  const next = found.values()
  return { ...asking, look: () => next.next().value ?? { runs: [], warnings: [] } }
}

function prepared(
  expression: Expression,
  { grid, endMs }: Times,
  { look, limits, lookbackMs, subqueryStepMs }: AskingNear,
): Prepared {
  const settings = { startMs: grid.startMs, endMs, lookbackMs, subqueryStepMs }
  const budget = new Budget(limits)
  const selections = [...selectionsOf(expression, grid, settings)]
  const found = selections.map(([selector, selection]) => [selector, look(selection)] as const)
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
  const warnings = (): readonly string[] => [...new Set(found.flatMap(([, selected]) => selected.warnings))]
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
