import { isLabelName, type Labels, withLabel } from '../../../labels.ts'
import { type Aggregation, bare } from '../../ast.ts'
import { QueryFailure } from '../../failure.ts'
import { decimalText } from '../../format.ts'
import { quoted } from '../../parse/quote.ts'
import { type Column, isAt } from '../column.ts'
import type { Frame } from '../frame.ts'
import { groupingOf } from './groups.ts'

type Counted = Readonly<{ labels: Labels; counts: Float64Array }>

/** How often each value occurs in each group. The value is a label before the groups are made. */
export function countValues(node: Aggregation, frame: Frame): readonly Column[] {
  const label = labelFor(node)
  const grouping = node.isWithout ? node.grouping : [...node.grouping, label]
  const { keyOf, labelsOf } = groupingOf({ ...node, grouping })
  const groups = new Map<string, Counted>()
  for (const { labels, values, present } of frame.vector(node.inner))
    for (const [step, value] of values.entries()) {
      if (!isAt(present, step)) continue
      const valued = withLabel(labels, label, decimalText(value))
      const key = keyOf(valued)
      const group = groups.get(key) ?? emptyGroup(labelsOf(valued), frame)
      groups.set(key, group)
      group.counts[step] = (group.counts[step] ?? 0) + 1
    }
  return [...groups.values()].map(({ labels, counts }) => ({
    labels,
    values: counts,
    present: Uint8Array.from(counts, (count) => (count > 0 ? 1 : 0)),
  }))
}

function labelFor({ parameter }: Aggregation): string {
  const literal = parameter === null ? null : bare(parameter)
  const label = literal?.type === 'string' ? literal.value : ''
  if (!isLabelName(label)) throw new QueryFailure('execution', `invalid label name ${quoted(label)}`)
  return label
}

function emptyGroup(labels: Labels, { query, grid }: Frame): Counted {
  query.budget.take(grid.count)
  return { labels, counts: new Float64Array(grid.count) }
}
