import type { Selection } from '../../source.ts'
import { ofTallyNamed } from '../functions/over-time.ts'
import { bare, type Expression, type VectorSelector } from '../ast.ts'
import { pinnedMs, type Query } from './frame.ts'
import { endOf, type Grid, instant } from './grid.ts'
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
  const counted = countedIn(root)
  const summed = summedIn(root)
  const need = (selector: VectorSelector, times: Grid, backMs: number): void => {
    const pinMs = pinnedMs(selector.pin, settings)
    const endMs = (pinMs ?? times.startMs) - selector.offsetMs
    const { stepMs, count } = pinMs === null ? times : instant(pinMs)
    found.set(selector, {
      matchers: selector.matchers,
      fromMs: endMs - backMs,
      toMs: (pinMs ?? endOf(times)) - selector.offsetMs,
      onlyTimes: counted.has(selector),
      ...(summed.has(selector) ? { windows: { endMs, stepMs, count, rangeMs: backMs } } : {}),
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

/** The selectors of which it is only counted how many series there are. */
function countedIn(root: Expression): ReadonlySet<VectorSelector> {
  const counted = new Set<VectorSelector>()
  const visit = (node: Expression): void => {
    const isCount = node.type === 'aggregation' && (node.operator === 'count' || node.operator === 'group')
    const inner = isCount ? bare(node.inner) : null
    if (inner?.type === 'vector') counted.add(inner)
    for (const part of partsOf(node)) visit(part)
  }
  visit(root)
  return counted
}

/** The selectors that are looked at through functions of what is known of a window. */
function summedIn(root: Expression): ReadonlySet<VectorSelector> {
  const summed = new Set<VectorSelector>()
  const visit = (node: Expression): void => {
    const args = node.type === 'call' && ofTallyNamed(node.name) !== null ? node.args : []
    for (const arg of args.map(bare)) if (arg.type === 'matrix') summed.add(arg.selector)
    for (const part of partsOf(node)) visit(part)
  }
  visit(root)
  return summed
}
