import type { MarkView } from '../../../api/wire/marks.ts'
import { figuresOf, type Graph } from '../../state/metrics/series.ts'
import type { Span } from '../../state/metrics/span.ts'
import { spanWords } from './span-words.ts'
import { unitWords } from './unit-words.ts'

const linesTold = 12

/** A graph for who hears it: what it shows, each line by its figures, and how much was changed meanwhile. */
export function panelWords(graph: Graph, span: Span, marks: readonly MarkView[]): string {
  const lines = graph.lines.slice(0, linesTold).map(({ name, values, unit }) => {
    const figures = figuresOf(values)
    if (figures === null) return `${name}: no numbers`
    const { last, least, most } = figures
    return `${name}: last ${unitWords(last, unit)}, from ${unitWords(least, unit)} to ${unitWords(most, unit)}`
  })
  const more = graph.lines.length - lines.length + graph.leftOut
  return [
    `${graph.lines.length} ${graph.lines.length === 1 ? 'line' : 'lines'}, ${spanWords(span)}`,
    ...lines,
    ...(more > 0 ? [`and ${more} more`] : []),
    `${marks.length} ${marks.length === 1 ? 'change' : 'changes'} marked`,
  ].join('; ')
}
