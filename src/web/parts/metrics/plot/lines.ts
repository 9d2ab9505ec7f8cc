import type uPlot from 'uplot'
import type { Graph, Line } from '../../../state/metrics/series.ts'
import type { Inks } from './inks.ts'

/** The lines of a graph as the plot draws them, last week's pale behind those of now. */
export function seriesOf({ lines }: Graph, hidden: ReadonlySet<number>, inks: Inks): uPlot.Series[] {
  const inkOf = (at: number): string => inks.series[at % inks.series.length] ?? inks.quiet
  const drawn = (line: Line, at: number): uPlot.Series => ({
    label: line.name,
    scale: line.axis,
    stroke: inkOf(at),
    width: 1.5,
    show: !hidden.has(at),
    spanGaps: false,
    points: { show: isAlone },
    ...(line.axis === 'right' ? { dash: [6, 3] } : {}),
  })
  const past = lines.flatMap((line, at) =>
    line.before === null ? [] : [{ ...drawn(line, at), alpha: 0.35, width: 1, points: { show: false } }],
  )
  return [{}, ...past, ...lines.map(drawn)]
}

export function valuesOf({ times, lines }: Graph): uPlot.AlignedData {
  const past = lines.flatMap(({ before }) => (before === null ? [] : [[...before]]))
  return [[...times], ...past, ...lines.map(({ values }) => [...values])]
}

/** Points are drawn where they are so few that a line would not show them. */
const isAlone: uPlot.Series.Points.Show = (u, at) => {
  const known = (u.data[at] ?? []).filter((value) => value !== null)
  return known.length > 0 && known.length < 3
}
