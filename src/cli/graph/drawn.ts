import type { MarkView } from '../../api/wire/marks.ts'
import type { MatrixRow } from '../../api/wire/queries.ts'
import type { Span } from './span.ts'

/** A line of a graph: a value for each step of the span, NaN where there is none. */
export type DrawnSeries = Readonly<{ name: string; metric: MatrixRow['metric']; values: Float64Array }>

export type Drawn = Readonly<{
  query: string
  span: Span
  series: readonly DrawnSeries[]
  marks: readonly MarkView[]
  warnings: readonly string[]
}>

export function drawnSeries(
  rows: readonly MatrixRow[],
  { fromMs, toMs, stepMs }: Span,
): readonly DrawnSeries[] {
  const points = Math.floor((toMs - fromMs) / stepMs) + 1
  return rows.map(({ metric, values }) => {
    const line = new Float64Array(points).fill(NaN)
    for (const [seconds, text] of values) line[Math.round((seconds * 1000 - fromMs) / stepMs)] = valueOf(text)
    return { name: nameOf(metric), metric, values: line }
  })
}

const valueOf = (text: string): number =>
  text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text)

/** As Prometheus writes a series: `up{job="web"}`. */
export function nameOf({ __name__: name = '', ...labels }: MatrixRow['metric']): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`
}

/** When a mark begins, in milliseconds. */
export const markAt = (mark: MarkView): number =>
  mark.type === 'change' ? (mark.startedAt ?? mark.orderedAt) : mark.from
