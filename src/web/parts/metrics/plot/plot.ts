import uPlot from 'uplot'
import type { MarkView } from '../../../../api/wire/marks.ts'
import type { Unit } from '../../../state/metrics/panel.ts'
import type { Graph } from '../../../state/metrics/series.ts'
import type { Span } from '../../../state/metrics/span.ts'
import { axesOf } from './axes.ts'
import { drawMarks } from './draw-marks.ts'
import { inksIn } from './inks.ts'
import { seriesOf, valuesOf } from './lines.ts'

export type PlotWish = Readonly<{
  units: Readonly<{ left: Unit; right: Unit | null }>
  from: 'zero' | 'fitted'
  heightPx: number
  /** Plots of the same page move their cursors together. */
  page: string
  onZoom: (span: Span) => void
  /** The place among the times that the cursor is at; null when it is nowhere. */
  onCursor: (place: number | null) => void
}>

export type Shown = Readonly<{
  graph: Graph
  span: Span
  marks: readonly MarkView[]
  hidden: ReadonlySet<number>
}>

/** One plot in a box of the page: lives until it is ended. */
export type Plot = Readonly<{
  show: (shown: Shown) => void
  resize: (widthPx: number) => void
  /** Moves the cursor of this plot, and of those it is tied to. */
  point: (place: number) => void
  end: () => void
}>

/** Makes a plot. It is made anew inside when its lines become others. */
export function makePlot(box: HTMLElement, wish: PlotWish): Plot {
  let chart: uPlot | null = null
  let drawnAs = ''
  let shown: Shown | null = null
  let drawn: Shown | null = null
  let widthPx = box.clientWidth
  const dark = matchMedia('(prefers-color-scheme: dark)')

  const draw = (): void => {
    if (shown === null || widthPx === 0) return
    const [latest, as, before] = [shown, signOf(shown), drawn]
    drawn = latest
    if (chart !== null && as === drawnAs) {
      if (before?.graph === latest.graph && before.span === latest.span) return chart.redraw(false, false)
      return chart.batch(() => {
        chart?.setData(valuesOf(latest.graph), false)
        chart?.setScale('x', { min: latest.span.fromMs, max: latest.span.toMs })
      })
    }
    chart?.destroy()
    drawnAs = as
    chart = new uPlot(
      optionsOf(box, wish, widthPx, () => shown ?? latest),
      valuesOf(latest.graph),
      box,
    )
  }
  const anew = (): void => {
    drawnAs = ''
    draw()
  }
  dark.addEventListener('change', anew)
  return {
    show: (next) => {
      shown = next
      draw()
    },
    resize: (next) => {
      const isSame = next === widthPx
      widthPx = next
      if (chart === null) draw()
      else if (!isSame) chart.setSize({ width: next, height: wish.heightPx })
    },
    point: (place) => pointAt(chart, place),
    end: () => {
      dark.removeEventListener('change', anew)
      chart?.destroy()
    },
  }
}

/** What a plot has to be made anew for: other lines. Other numbers and times it takes as it is. */
function signOf({ graph, hidden }: Shown): string {
  const lines = graph.lines.map(({ name, axis, before }, at) => [name, axis, before !== null, hidden.has(at)])
  return JSON.stringify(lines)
}

function optionsOf(box: HTMLElement, wish: PlotWish, width: number, latest: () => Shown): uPlot.Options {
  const inks = inksIn(box)
  const { graph, span, hidden } = latest()
  const isMove = (type: string): boolean => type === 'mousemove' || type === 'mouseleave'
  return {
    width,
    height: wish.heightPx,
    ms: 1,
    padding: [8, wish.units.right === null ? 12 : 0, 0, 0],
    legend: { show: false },
    scales: scalesOf(wish, span),
    axes: axesOf(wish.units, inks),
    series: seriesOf(graph, hidden, inks),
    cursor: {
      y: false,
      points: { size: 6 },
      drag: { x: true, y: false, setScale: false },
      focus: { prox: 16 },
      sync: { key: wish.page, scales: ['x', null], filters: { pub: isMove, sub: isMove } },
    },
    hooks: {
      drawAxes: [(u) => drawMarks(u, latest().marks, latest().span, inks)],
      setCursor: [(u) => wish.onCursor(u.cursor.idx ?? null)],
      setSelect: [(u) => zoomed(u, wish.onZoom)],
    },
  }
}

function scalesOf({ from, units }: PlotWish, { fromMs, toMs }: Span): uPlot.Scales {
  const fromZero =
    (unit: Unit): uPlot.Range.Function =>
    (_, least, most) =>
      uPlot.rangeNum(Math.min(0, least), Math.max(most, leastTop[unit]), 0.08, true)
  return {
    x: { time: true, auto: false, min: fromMs, max: toMs },
    left: from === 'zero' ? { range: fromZero(units.left) } : {},
    right: { range: fromZero(units.right ?? units.left) },
  }
}

/** An axis is at least this high, so that nought is not drawn on one that goes to everything. */
const leastTop: Readonly<Record<Unit, number>> = {
  number: 1,
  'per second': 0.1,
  seconds: 0.001,
  milliseconds: 1,
  bytes: 1_024,
  'bytes per second': 1_024,
  percent: 1,
  share: 0.01,
}

const narrowestPx = 4

function zoomed(u: uPlot, onZoom: (span: Span) => void): void {
  const { left, width } = u.select
  if (width < narrowestPx) return
  const span = { fromMs: u.posToVal(left, 'x'), toMs: u.posToVal(left + width, 'x') }
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
  onZoom(span)
}

function pointAt(chart: uPlot | null, place: number): void {
  const time = chart?.data[0][place]
  if (chart === null || time === undefined) return
  chart.setCursor({ left: chart.valToPos(time, 'x'), top: 10 }, true)
}
