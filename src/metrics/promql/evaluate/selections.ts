import type { Selection } from '../../source.ts'
import type { Expression, VectorSelector } from '../ast.ts'
import { pinnedMs, type Query } from './frame.ts'
import { endOf, type Grid } from './grid.ts'
import { partsOf } from './pinned.ts'
import { subqueryGrid } from './ranged.ts'

type Settings = Pick<Query, 'startMs' | 'endMs' | 'lookbackMs' | 'subqueryStepMs'>

/** Which samples each selector of an expression needs, when it is asked about the times of the grid. */
export function selectionsOf(
  root: Expression,
  grid: Grid,
  settings: Settings,
): ReadonlyMap<VectorSelector, Selection> {
  const found = new Map<VectorSelector, Selection>()
  const need = (selector: VectorSelector, times: Grid, backMs: number): void => {
    const pinMs = pinnedMs(selector.pin, settings)
    found.set(selector, {
      matchers: selector.matchers,
      fromMs: (pinMs ?? times.startMs) - selector.offsetMs - backMs,
      toMs: (pinMs ?? endOf(times)) - selector.offsetMs,
    })
  }
  const visit = (node: Expression, times: Grid): void => {
    if (node.type === 'vector') need(node, times, settings.lookbackMs)
    else if (node.type === 'matrix') need(node.selector, times, node.rangeMs)
    else if (node.type === 'subquery') {
      const inner = subqueryGrid(node, times, settings)
      if (inner.count > 0) visit(node.inner, inner)
    } else for (const part of partsOf(node)) visit(part, times)
  }
  visit(root, grid)
  return found
}
