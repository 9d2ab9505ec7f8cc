import { type Labels, metricName, noLabels, withLabel } from '../../../labels.ts'
import type { Matcher } from '../../../matcher.ts'
import { bare, type Expression } from '../../ast.ts'
import { type Column, markPresent } from '../column.ts'
import type { Frame } from '../frame.ts'
import { windowFinder } from '../windows.ts'

/** 1 at those steps at which a vector has nothing. */
export function absent(vector: Expression, frame: Frame): readonly Column[] {
  const mask = new Uint8Array(frame.grid.count)
  for (const column of frame.vector(vector)) markPresent(mask, column)
  return onesWhereNot(mask, vector)
}

/** 1 at those steps at which a range vector has nothing. */
export function absentOverTime(matrix: Expression, frame: Frame): readonly Column[] {
  const mask = new Uint8Array(frame.grid.count)
  const { series, reach } = frame.ranged(matrix)
  const find = windowFinder(frame.grid, reach)
  for (const { times } of series) {
    frame.query.budget.borrow(times.length)
    const { from, to } = find(times)
    for (let step = 0; step < mask.length; step += 1) if ((to[step] ?? 0) > (from[step] ?? 0)) mask[step] = 1
  }
  return onesWhereNot(mask, matrix)
}

function onesWhereNot(mask: Uint8Array, of: Expression): readonly Column[] {
  const present = mask.map((there) => 1 - there)
  if (!present.includes(1)) return []
  return [{ labels: labelsWanted(of), values: new Float64Array(mask.length).fill(1), present }]
}

/** What a series that is looked for would surely be called. */
function labelsWanted(expression: Expression): Labels {
  const node = bare(expression)
  if (node.type === 'vector') return surely(node.matchers)
  return node.type === 'matrix' ? surely(node.selector.matchers) : noLabels
}

function surely(matchers: readonly Matcher[]): Labels {
  const named = new Set<string>()
  let labels = noLabels
  for (const { name, operator, value } of matchers) {
    if (name === metricName) continue
    const isFirst = operator === '=' && !named.has(name)
    labels = withLabel(labels, name, isFirst ? value : '')
    if (isFirst) named.add(name)
  }
  return labels
}
