import { type Paint, tame, type Tone } from '../../words/paint.ts'
import { clock, stamp } from '../../words/time.ts'
import type { MarkView } from '../../api/wire/marks.ts'
import { cut, widthOf } from '../text/width.ts'
import { type Canvas, makeCanvas } from './canvas.ts'
import { type Drawn, type DrawnSeries, markAt } from './drawn.ts'
import { type Scale, scaleOf, shortNumber } from './scale.ts'
import { timeLabels, timeText } from './time-labels.ts'

export type Page = Readonly<{ columns: number; rows: number; paint: Paint }>

/** What lines are drawn with, in turn. */
const inks: readonly Tone[] = ['good', 'link', 'care', 'bad', 'bold', 'plain']
/** More lines could not be told apart. */
const drawnLimit = 100
const legendLimit = 12
const marksTold = 8
const leastRows = 4

/** A graph for a terminal: lines, both axes, marks of changes under it, and who is who. */
export function drawGraph(drawn: Drawn, page: Page): readonly string[] {
  const series = drawn.series.slice(0, drawnLimit)
  if (series.length === 0)
    return [
      page.paint.dim(
        `nothing is known of ${tame(drawn.query)} from ${stamp(drawn.span.fromMs)} to ${stamp(drawn.span.toMs)}`,
      ),
    ]
  const below = [...marksBelow(drawn, page), ...legend(drawn, page)]
  const rows = Math.max(leastRows, page.rows - below.length - 3)
  const scale = scaleOf(
    series.map(({ values }) => values),
    Math.max(2, Math.floor(rows / 3)),
  )
  const labels = scale.ticks.map(shortNumber)
  const margin = Math.max(...labels.map(widthOf)) + 1
  const columns = Math.max(10, page.columns - margin - 1)
  const canvas = makeCanvas(columns, rows)
  series.forEach(({ values }, nth) => drawLine(canvas, values, { scale, ink: nth % inks.length }))
  const marks = markRow(drawn, columns)
  return [
    ...plotRows(canvas, { scale, labels, margin, rows }, page.paint),
    ...(marks === null
      ? []
      : [
          ' '.repeat(margin + 1) +
            marks
              .map(([letter, tone]) => page.paint[tone](letter))
              .join('')
              .trimEnd(),
        ]),
    page.paint.dim(' '.repeat(margin + 1) + timeRow(drawn, columns)),
    ...below,
  ]
}

function drawLine(
  canvas: Canvas,
  values: Float64Array,
  { scale, ink }: Readonly<{ scale: Scale; ink: number }>,
): void {
  const x = (at: number) => Math.round((at * (canvas.width - 1)) / Math.max(1, values.length - 1))
  const y = (value: number) =>
    Math.round(((scale.high - value) / (scale.high - scale.low)) * (canvas.height - 1))
  let before: { x: number; y: number } | null = null
  values.forEach((value, at) => {
    const dot = Number.isFinite(value) ? { x: x(at), y: y(value) } : null
    // What is missing is a gap.
    if (dot !== null) canvas.line(before ?? dot, dot, ink)
    before = dot
  })
}

type Plot = Readonly<{ scale: Scale; labels: readonly string[]; margin: number; rows: number }>

function plotRows(canvas: Canvas, { scale, labels, margin, rows }: Plot, paint: Paint): readonly string[] {
  const labelAt = new Map(
    scale.ticks.map((tick, nth) => [
      Math.round(((scale.high - tick) / (scale.high - scale.low)) * (rows - 1)),
      labels[nth] ?? '',
    ]),
  )
  return canvas.rows().map((row, nth) => {
    const label = labelAt.get(nth)
    const axis = paint.dim(`${(label ?? '').padStart(margin)}${label === undefined ? '│' : '┤'}`)
    const dots = row.map(({ letter, ink }) => (ink === -1 ? letter : paint[inks[ink] ?? 'plain'](letter)))
    return `${axis}${dots.join('')}`.trimEnd()
  })
}

type MarkLetter = readonly [string, Tone]

/** A sign for each column with a mark; null where there are none. Hollow is what was taken back. */
function markRow({ marks, span }: Drawn, columns: number): readonly MarkLetter[] | null {
  if (marks.length === 0) return null
  const row: MarkLetter[] = Array.from({ length: columns }, () => [' ', 'plain'] as const)
  for (const mark of marks) {
    const share = (markAt(mark) - span.fromMs) / Math.max(1, span.toMs - span.fromMs)
    row[Math.min(columns - 1, Math.max(0, Math.round(share * (columns - 1))))] = markLetter(mark)
  }
  return row
}

function markLetter(mark: MarkView): MarkLetter {
  if (mark.type === 'other') return ['◆', 'dim']
  const tone = kindTones[mark.kind] ?? 'plain'
  return [mark.revertedBy === null && mark.status === 'done' ? '▲' : '△', tone]
}

const kindTones: Readonly<Record<string, Tone>> = { deploy: 'good', apply: 'link', flip: 'care' }

/** Times under the graph: at its ends, and in between where there is room. */
function timeRow({ span }: Drawn, columns: number): string {
  const width = timeText(span)(span.fromMs).length
  const row = Array.from({ length: columns }, () => ' ')
  for (const { text, share } of timeLabels(span, Math.max(2, Math.floor(columns / (width + 8)) + 1))) {
    const from = Math.min(columns - width, Math.max(0, Math.round(share * (columns - 1) - width / 2)))
    for (let at = 0; at < width; at += 1) row[from + at] = text[at] ?? ' '
  }
  return row.join('').trimEnd()
}

/** The newest marks, each in a line of its own. */
function marksBelow({ marks }: Drawn, { paint, columns }: Page): readonly string[] {
  const newest = marks.toSorted((a, b) => markAt(b) - markAt(a))
  const lines = newest.slice(0, marksTold).map((mark) => {
    const [letter, tone] = markLetter(mark)
    const what =
      mark.type === 'change'
        ? `${mark.id}  ${mark.title}${mark.revertedBy === null ? '' : `, taken back by ${mark.revertedBy}`}  ${mark.who}${mark.why === '' ? '' : `: ${mark.why}`}`
        : `${mark.title}  ${mark.who}`
    return `${paint[tone](letter)} ${cut(tame(`${clock(markAt(mark)).slice(0, 5)}  ${what}`), columns - 2)}`
  })
  const more = marks.length - marksTold
  return more > 0 ? [...lines, paint.dim(`  and ${more} marks before`)] : lines
}

function legend({ series, warnings }: Drawn, { paint, columns }: Page): readonly string[] {
  const lines = series.slice(0, legendLimit).map((one, nth) => {
    const text = ` ${tame(one.name)}  ${numbersOf(one)}`
    return `${paint[inks[nth % inks.length] ?? 'plain']('━')}${cut(text, columns - 1)}`
  })
  const more = series.length - legendLimit
  return [
    ...(more > 0 ? [...lines, paint.dim(`  and ${more} more: --json or --csv has them all`)] : lines),
    ...warnings.map((warning) => paint.care(tame(`! ${warning}`))),
  ]
}

function numbersOf({ values }: DrawnSeries): string {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length === 0) return 'no numbers'
  const last = shortNumber(known.at(-1) ?? NaN)
  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))]
  return `${last}  (${shortNumber(low)} … ${shortNumber(high)})`
}
