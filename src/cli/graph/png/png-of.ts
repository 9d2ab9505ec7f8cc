import type { MarkView } from '../../../api/wire/marks.ts'
import { type Drawn, markAt } from '../drawn.ts'
import { type Scale, scaleOf, shortNumber } from '../scale.ts'
import { timeLabels } from '../time-labels.ts'
import { type Colour, makePicture, type Picture, textHeight, textWidth } from './picture.ts'

const [width, plotHeight] = [1200, 480]
const legendLimit = 12
const drawnLimit = 100
const gap = 8

const paper: Colour = [255, 255, 255]
const grid: Colour = [228, 230, 235]
const words: Colour = [60, 66, 78]
const changed: Colour = [200, 60, 60]
const other: Colour = [130, 136, 148]
/** Colours that people who see few of them tell apart as well (Okabe and Ito). */
const inks: readonly Colour[] = [
  [0, 114, 178],
  [213, 94, 0],
  [0, 158, 115],
  [204, 121, 167],
  [230, 159, 0],
  [86, 180, 233],
  [0, 0, 0],
]
const colours = [paper, grid, words, changed, other, ...inks]
const [gridInk, wordInk, changeInk, otherInk, firstInk] = [1, 2, 3, 4, 5]
const inkOf = (nth: number): number => firstInk + (nth % inks.length)

type Plot = Readonly<{ left: number; right: number; top: number; bottom: number; scale: Scale }>

/** A graph as a picture: what the terminal shows, for a page or a message. */
export function pngOf(drawn: Drawn): Uint8Array {
  const named = Math.min(drawn.series.length, legendLimit)
  const line = textHeight + gap
  const height = plotHeight + line * (named + 3)
  const picture = makePicture(width, height, colours)
  const series = drawn.series.slice(0, drawnLimit)
  const scale = scaleOf(
    series.map(({ values }) => values),
    7,
  )
  const left = Math.max(...scale.ticks.map((tick) => textWidth(shortNumber(tick)))) + 2 * gap
  const plot: Plot = {
    left,
    right: width - 3 * gap,
    top: line + 2 * gap,
    bottom: line + gap + plotHeight - 2 * line,
    scale,
  }
  picture.text(drawn.query, { x: gap, y: gap }, wordInk)
  drawAxes(picture, drawn, plot)
  for (const mark of drawn.marks) drawMark(picture, mark, { drawn, plot })
  series.forEach(({ values }, nth) => drawLine(picture, values, { plot, ink: inkOf(nth) }))
  drawn.series.slice(0, named).forEach(({ name }, nth) => {
    const y = plot.bottom + 2 * line + nth * line
    for (let thick = 0; thick < 4; thick += 1)
      picture.line({ x: left, y: y + 6 + thick }, { x: left + 24, y: y + 6 + thick }, inkOf(nth))
    picture.text(name, { x: left + 36, y }, wordInk)
  })
  return picture.png()
}

const xAt = ({ left, right }: Plot, share: number): number => Math.round(left + share * (right - left))
const yAt = ({ top, bottom, scale }: Plot, value: number): number =>
  Math.round(top + ((scale.high - value) / (scale.high - scale.low)) * (bottom - top))

function drawAxes(picture: Picture, { span }: Drawn, plot: Plot): void {
  for (const tick of plot.scale.ticks) {
    const [y, label] = [yAt(plot, tick), shortNumber(tick)]
    picture.line({ x: plot.left, y }, { x: plot.right, y }, gridInk)
    picture.text(label, { x: plot.left - gap - textWidth(label), y: y - textHeight / 2 }, wordInk)
  }
  for (const { text, share } of timeLabels(span, 6)) {
    const x = xAt(plot, share)
    picture.line({ x, y: plot.top }, { x, y: plot.bottom + gap / 2 }, gridInk)
    const from = Math.min(width - textWidth(text) - 2, Math.max(0, x - textWidth(text) / 2))
    picture.text(text, { x: from, y: plot.bottom + gap }, wordInk)
  }
}

/** A line from top to bottom; that of what was taken back, or of others, has gaps. */
function drawMark(
  picture: Picture,
  mark: MarkView,
  { drawn: { span }, plot }: Readonly<{ drawn: Drawn; plot: Plot }>,
): void {
  const share = (markAt(mark) - span.fromMs) / Math.max(1, span.toMs - span.fromMs)
  if (share < 0 || share > 1) return
  const x = xAt(plot, share)
  const isWhole = mark.type === 'change' && mark.revertedBy === null && mark.status === 'done'
  for (let y = plot.top; y <= plot.bottom; y += 1)
    if (isWhole || y % 8 < 4) picture.dot(x, y, mark.type === 'change' ? changeInk : otherInk)
  const label = mark.type === 'change' ? mark.id : mark.title.slice(0, 20)
  const from = Math.min(x + 4, plot.right - textWidth(label))
  picture.text(label, { x: from, y: plot.top + 2 }, mark.type === 'change' ? changeInk : otherInk)
}

function drawLine(
  picture: Picture,
  values: Float64Array,
  { plot, ink }: Readonly<{ plot: Plot; ink: number }>,
): void {
  let before: { x: number; y: number } | null = null
  values.forEach((value, at) => {
    const point = Number.isFinite(value)
      ? { x: xAt(plot, at / Math.max(1, values.length - 1)), y: yAt(plot, value) }
      : null
    if (point !== null) {
      const from = before ?? point
      // Two dots thick, whichever way it goes.
      for (const [x, y] of [
        [0, 0],
        [1, 0],
        [0, 1],
      ] as const)
        picture.line({ x: from.x + x, y: from.y + y }, { x: point.x + x, y: point.y + y }, ink)
    }
    before = point
  })
}
