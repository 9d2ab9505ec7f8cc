import { keyOf, type Labels, valueOf, withLabel, withoutName } from '../../../labels.ts'
import type { Expression } from '../../ast.ts'
import { bucketQuantile } from '../../functions/buckets.ts'
import { parseFloatText } from '../../parse/number.ts'
import { type Column, Filling, isAt } from '../column.ts'
import type { Frame } from '../frame.ts'

type Histogram = { readonly labels: Labels; readonly buckets: Readonly<{ bound: number; column: Column }>[] }

/** `histogram_quantile(scalar, vector)`: the series of each histogram differ in nothing but their label `le`. */
export function* quantilesOfHistograms(phi: Expression, vector: Expression, frame: Frame): Iterable<Column> {
  const phis = frame.scalar(phi)
  for (const { labels, buckets } of histograms(frame.vector(vector))) {
    const sorted = buckets.toSorted((a, b) => a.bound - b.bound)
    const filling = new Filling(frame.grid.count)
    for (const [step, wanted] of phis.entries()) {
      const there = sorted.filter(({ column }) => isAt(column.present, step))
      if (there.length === 0) filling.skip(step)
      else
        filling.set(
          step,
          bucketQuantile(wanted, {
            bounds: there.map(({ bound }) => bound),
            counts: there.map(({ column }) => column.values[step] ?? 0),
          }),
        )
    }
    const column = filling.done(labels)
    if (column !== null) yield column
  }
}

/** Series without a number in `le` are no buckets. */
function histograms(columns: Iterable<Column>): Iterable<Histogram> {
  const byLabels = new Map<string, Histogram>()
  for (const column of columns) {
    const bound = parseFloatText(valueOf(column.labels, 'le'))
    if (bound === null) continue
    const labels = withLabel(column.labels, 'le', '')
    const key = keyOf(labels)
    const histogram = byLabels.get(key) ?? { labels: withoutName(labels), buckets: [] }
    byLabels.set(key, histogram)
    histogram.buckets.push({ bound, column })
  }
  return byLabels.values()
}
