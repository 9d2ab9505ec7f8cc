import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
import { type PanelWish } from '../../state/metrics/panel.ts'
import { exploreAddress } from '../../state/metrics/route.ts'
import { type Graph, unitsOf } from '../../state/metrics/series.ts'
import { panelWords } from '../../words/metrics/panel-words.ts'
import { windowOf, withSpan } from '../../state/metrics/span.ts'
import { Link } from '../link.tsx'
import { TroubleView } from '../trouble-view.tsx'
import { useDesk } from './desk.ts'
import { Legend } from './legend.tsx'
import { loadPlot } from './load-plot.ts'
import { MarkStrip } from './marks/mark-strip.tsx'
import type { Plot, PlotWish } from './plot/plot.ts'
import { useGraph } from './use-graph.ts'
import { useWidth } from './use-width.ts'

export const plotPx = 190

/** Numbers over time, with everything that was changed meanwhile marked on them. */
export function Panel({ panel }: Readonly<{ panel: PanelWish }>) {
  const { graph, span, trouble, isAsking } = useGraph(panel)
  const { found } = useDesk().marks
  const [place, setPlace] = useState<number | null>(null)
  const [hidden, turn] = useHidden()
  const [box, widthPx] = useWidth()
  const titleId = useId()
  const units = useMemo(() => unitsOf(panel), [panel])
  const isTwoSided = units.right !== null
  const isBare = graph !== null && graph.lines.length === 0
  // The cursor is moved often: what does not heed it is the same as before, and nothing looks through it again.
  const link = useMemo(() => <ExploreLink panel={panel} />, [panel])
  const strip = useMemo(
    () => <MarkStrip {...{ marks: found.marks, span, widthPx, isTwoSided }} />,
    [found, span, widthPx, isTwoSided],
  )
  const plot = useMemo(
    () =>
      graph !== null && (
        <PlotBox
          {...{ panel, graph, hidden, widthPx, units }}
          onCursor={setPlace}
          label={`${panel.title}. ${panelWords(graph, span, found.marks)}`}
        />
      ),
    [panel, graph, span, hidden, widthPx, units, found],
  )
  return (
    <figure class="panel" aria-labelledby={titleId} aria-busy={isAsking}>
      <figcaption class="panel-head">
        <h2 id={titleId}>{panel.title}</h2>
        {isAsking && <span class="panel-asking" aria-hidden="true" />}
        {link}
      </figcaption>
      {strip}
      <div class="plot-box" ref={box}>
        {trouble !== null && <TroubleView trouble={trouble} />}
        {isBare && <p class="plot-note quiet">No numbers in this time.</p>}
        {trouble === null && plot}
      </div>
      {graph !== null && !isBare && <Legend graph={graph} place={place} hidden={hidden} onTurn={turn} />}
    </figure>
  )
}

/** The lines that are hidden, and what hides one or brings it back. */
function useHidden(): readonly [ReadonlySet<number>, (line: number) => void] {
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set())
  const turn = useCallback(
    (line: number) =>
      setHidden((before) =>
        before.has(line) ? new Set([...before].filter((one) => one !== line)) : new Set([...before, line]),
      ),
    [],
  )
  return [hidden, turn]
}

/** Leads to what is drawn as a question that can be altered, at the same time. */
function ExploreLink({ panel }: Readonly<{ panel: PanelWish }>) {
  const { span, stepMs } = useDesk()
  const [first] = panel.queries
  if (first === undefined || first.query === panel.title) return null
  const query = first.query.replaceAll('$window', windowOf(stepMs))
  return (
    <Link to={withSpan(exploreAddress(query), span)} class="explore-link" label={`explore ${panel.title}`}>
      explore
    </Link>
  )
}

type Boxed = Readonly<{
  panel: PanelWish
  graph: Graph
  hidden: ReadonlySet<number>
  widthPx: number
  units: PlotWish['units']
  onCursor: (place: number | null) => void
  label: string
}>

/** The plot itself; it is loaded when the first one is shown. With the focus on it, arrows move the cursor. */
function PlotBox({ panel, graph, hidden, widthPx, units, onCursor, label }: Boxed) {
  const { span, marks, show } = useDesk()
  const box = useRef<HTMLDivElement>(null)
  const zoom = useRef(show)
  zoom.current = show
  const wish = useMemo<PlotWish>(
    () => ({
      units,
      from: panel.from,
      heightPx: plotPx,
      page: 'page',
      onZoom: (next) => zoom.current(next),
      onCursor,
    }),
    [units.left, units.right, panel.from],
  )
  const { plot, isLost } = usePlot(box, wish)
  const place = useRef(0)
  useEffect(
    () => plot?.show({ graph, span, marks: marks.found.marks, hidden }),
    [plot, graph, span, marks, hidden],
  )
  useEffect(() => (widthPx > 0 ? plot?.resize(widthPx) : undefined), [plot, widthPx])
  const onKey = useCallback(
    (event: KeyboardEvent) => {
      const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key]
      if (by === undefined) return
      event.preventDefault()
      place.current = Math.min(Math.max(place.current + by, 0), graph.times.length - 1)
      plot?.point(place.current)
    },
    [plot, graph],
  )
  if (isLost) return <TroubleView trouble={notLoaded} />
  return <div class="plot" ref={box} tabIndex={0} role="img" aria-label={label} onKeyDown={onKey} />
}

/** The hub is away, or has become another one since the page was loaded, whose files have other names. */
const notLoaded = { what: 'what draws graphs could not be loaded', now: 'load the page again' }

type Drawing = Readonly<{ plot: Plot | null; isLost: boolean }>

function usePlot(box: { current: HTMLElement | null }, wish: PlotWish): Drawing {
  const [drawing, setDrawing] = useState<Drawing>({ plot: null, isLost: false })
  useEffect(() => {
    let made: Plot | null = null
    let isLeft = false
    loadPlot().then(
      ({ makePlot }) => {
        if (isLeft || box.current === null) return
        made = makePlot(box.current, wish)
        setDrawing({ plot: made, isLost: false })
      },
      () => {
        if (!isLeft) setDrawing({ plot: null, isLost: true })
      },
    )
    return () => {
      isLeft = true
      made?.end()
    }
  }, [wish])
  return drawing
}
