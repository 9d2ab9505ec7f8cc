import type { MatrixSelector, Subquery } from '../ast.ts'
import { type Column, isAt } from './column.ts'
import { type Frame, pinnedMs, type Query, type Ranged, type Samples } from './frame.ts'
import { endOf, type Grid, timeAt } from './grid.ts'
import { withoutMarkers } from './select.ts'

/** The samples of a range selector. */
export function selected({ selector, rangeMs }: MatrixSelector, { query }: Frame): Ranged {
  const reach = { pinMs: pinnedMs(selector.pin, query), offsetMs: selector.offsetMs, rangeMs }
  return { series: samplesOf(query.runsOf(selector)), reach }
}

function* samplesOf(runs: Iterable<Parameters<typeof withoutMarkers>[0]>): Iterable<Samples> {
  for (const run of runs) yield withoutMarkers(run)
}

/** The samples that a subquery makes, by asking its expression at times of its own. */
export function computed(subquery: Subquery, frame: Frame, at: (grid: Grid) => Frame): Ranged {
  const { rangeMs, offsetMs, pin, inner } = subquery
  const grid = subqueryGrid(subquery, frame.grid, frame.query)
  const reach = { pinMs: pinnedMs(pin, frame.query), offsetMs, rangeMs }
  if (grid.count === 0) return { series: [], reach }
  const frameInside = at(grid)
  const times = Float64Array.from({ length: grid.count }, (_, step) => timeAt(grid, step))
  return { series: densified(frameInside.vector(inner), times), reach }
}

/** The times at which a subquery asks: whole multiples of its step, so that they do not move with the outer query. */
export function subqueryGrid(
  { rangeMs, stepMs, offsetMs, pin }: Subquery,
  outer: Grid,
  query: Pick<Query, 'startMs' | 'endMs' | 'subqueryStepMs'>,
): Grid {
  const pinMs = pinnedMs(pin, query)
  const step = stepMs === 0 ? query.subqueryStepMs : stepMs
  const fromMs = (pinMs ?? outer.startMs) - offsetMs - rangeMs
  const toMs = (pinMs ?? endOf(outer)) - offsetMs
  const startMs = Math.ceil(fromMs / step) * step + 0
  return { startMs, stepMs: step, count: Math.max(0, Math.floor((toMs - startMs) / step) + 1) }
}

/** Columns as samples; those without gaps share the times of all steps. */
function* densified(columns: Iterable<Column>, times: Float64Array): Iterable<Samples> {
  for (const { labels, values, present } of columns) {
    if (present === null) yield { labels, times, values }
    else {
      const isKept = (_: number, step: number): boolean => isAt(present, step)
      yield { labels, times: times.filter(isKept), values: values.filter(isKept) }
    }
  }
}
