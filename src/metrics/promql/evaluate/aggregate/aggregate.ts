import type { Labels } from '../../../labels.ts'
import type { Aggregation } from '../../ast.ts'
import { quantileOf } from '../../functions/quantile.ts'
import { type Column, Filling, isAt } from '../column.ts'
import type { Frame } from '../frame.ts'
import { countValues } from './count-values.ts'
import { groupingOf } from './groups.ts'
import { ranked } from './ranks.ts'
import { type Running, running, type RunningOperator } from './running.ts'

/** Makes one series, or a few, of each group. */
export function aggregate(node: Aggregation, frame: Frame): Iterable<Column> {
  switch (node.operator) {
    case 'topk':
    case 'bottomk':
      return ranked(
        gathered(node, frame).map(({ columns }) => columns),
        parameterOf(node, frame),
        node.operator === 'topk',
      )
    case 'quantile':
      return quantiles(node, frame)
    case 'count_values':
      return countValues(node, frame)
    case 'avg':
    case 'count':
    case 'group':
    case 'max':
    case 'min':
    case 'stddev':
    case 'stdvar':
    case 'sum':
      return runningGroups(node, node.operator, frame)
  }
}

function runningGroups(node: Aggregation, operator: RunningOperator, frame: Frame): Iterable<Column> {
  const { keyOf, labelsOf } = groupingOf(node)
  const groups = new Map<string, Readonly<{ labels: Labels; state: Running }>>()
  for (const column of frame.passing(node.inner)) {
    const key = keyOf(column.labels)
    let group = groups.get(key)
    if (group === undefined) {
      group = { labels: labelsOf(column.labels), state: running(operator, frame.grid.count) }
      groups.set(key, group)
      frame.query.budget.take(frame.grid.count)
    }
    group.state.add(column)
  }
  return [...groups.values()].map(({ labels, state }) => state.done(labels))
}

type Gathered = Readonly<{ labels: Labels; columns: Column[] }>

/** Groups whose series are all needed at once. */
function gathered(node: Aggregation, frame: Frame): readonly Gathered[] {
  const { keyOf, labelsOf } = groupingOf(node)
  const groups = new Map<string, Gathered>()
  for (const column of frame.vector(node.inner)) {
    const key = keyOf(column.labels)
    const group = groups.get(key) ?? { labels: labelsOf(column.labels), columns: [] }
    groups.set(key, group)
    group.columns.push(column)
  }
  return [...groups.values()]
}

function parameterOf({ parameter }: Aggregation, frame: Frame): Float64Array {
  return parameter === null ? new Float64Array(frame.grid.count) : frame.scalar(parameter)
}

function quantiles(node: Aggregation, frame: Frame): readonly Column[] {
  const phis = parameterOf(node, frame)
  return gathered(node, frame).flatMap(({ labels, columns }) => {
    const filling = new Filling(frame.grid.count)
    const scratch = new Float64Array(columns.length)
    for (const [step, phi] of phis.entries()) {
      let count = 0
      for (const { values, present } of columns) {
        if (!isAt(present, step)) continue
        scratch[count] = values[step] ?? 0
        count += 1
      }
      if (count === 0) filling.skip(step)
      else filling.set(step, quantileOf(phi, scratch.subarray(0, count)))
    }
    return filling.done(labels) ?? []
  })
}
