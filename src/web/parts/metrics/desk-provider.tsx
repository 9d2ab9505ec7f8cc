import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { askFirstMs } from '../../state/metrics/ask-graph.ts'
import { bounded, latest, spanIn, stepOf, usualMs, withSpan } from '../../state/metrics/span.ts'
import { troubleIfRefused } from '../../api.ts'
import { useHub } from '../hub.ts'
import { DeskContext, type Desk } from './desk.ts'
import { useMarks } from './use-marks.ts'

/** Looks for newer numbers this often, while somebody sees them. */
const liveLookMs = 15_000

type Around = Readonly<{ children: ComponentChildren }>

/**
 * Holds the time that the graphs of a page show. It is always in the address, so that whoever is sent the link sees the
 * same; that the page follows the clock is known to this tab alone.
 */
export function DeskProvider({ children }: Around) {
  const { address } = useHub()
  const isSaid = spanIn(address) !== null
  const widthMs = useFirstWidth(isSaid)
  return widthMs === null ? null : <Desked widthMs={widthMs}>{children}</Desked>
}

/** How much time is shown where the address says none; null until it is known how old the numbers are. */
function useFirstWidth(isSaid: boolean): number | null {
  const { api } = useHub()
  const [widthMs, setWidthMs] = useState<number | null>(isSaid ? usualMs : null)
  useEffect(() => {
    if (widthMs !== null) return
    askFirstMs(api, Date.now(), new AbortController().signal).then(setWidthMs, (thrown: unknown) => {
      troubleIfRefused(thrown)
      setWidthMs(usualMs)
    })
  }, [api])
  return widthMs
}

function Desked({ widthMs, children }: Around & Readonly<{ widthMs: number }>) {
  const { address, go } = useHub()
  const [lastWeek, setLastWeek] = useState(false)
  const asked = spanIn(address)
  const liveMs = asked === null ? (liveIn(history.state) ?? widthMs) : liveIn(history.state)
  const [first] = useState(() => latest(widthMs, Date.now()))
  const { fromMs, toMs } = asked ?? first
  const span = useMemo(() => ({ fromMs, toMs }), [fromMs, toMs])
  const marks = useMarks(span)
  useFollowing(liveMs)
  useLastWeekKey(() => setLastWeek((wanted) => !wanted))
  const desk = useMemo<Desk>(
    () => ({
      span,
      stepMs: stepOf(span),
      liveMs,
      follow: (ms) => {
        setLive(ms)
        go(withSpan(address, latest(ms, Date.now())), 'replace')
      },
      halt: () => {
        setLive(null)
        go(withSpan(address, span), 'stay')
      },
      show: (next) => go(withSpan(address, bounded(next)), 'stay'),
      lastWeek,
      setLastWeek,
      marks,
    }),
    [span, liveMs, lastWeek, marks, address, go],
  )
  return <DeskContext.Provider value={desk}>{children}</DeskContext.Provider>
}

function liveIn(state: unknown): number | null {
  if (typeof state !== 'object' || state === null || !('liveMs' in state)) return null
  return typeof state.liveMs === 'number' ? state.liveMs : null
}

/** The state of this entry of the tab's history: a link that is copied does not have it, one that is loaded again does. */
function setLive(liveMs: number | null): void {
  history.replaceState({ ...(history.state as object | null), liveMs }, '', location.href)
}

function useFollowing(liveMs: number | null): void {
  const { address, go } = useHub()
  useEffect(() => {
    if (liveMs === null) return
    const look = () => {
      if (document.hidden) return
      const next = withSpan(location.pathname + location.search, latest(liveMs, Date.now()))
      if (next !== location.pathname + location.search) go(next, 'replace')
    }
    setLive(liveMs)
    look()
    const timer = setInterval(look, liveLookMs)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [liveMs, address.split('?')[0]])
}

/** `w` lays the same time of last week behind every graph. */
function useLastWeekKey(turn: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'w' || event.ctrlKey || event.metaKey || event.altKey) return
      if (document.querySelector('dialog[open]') !== null) return
      if (
        event.target instanceof Element &&
        event.target.closest('input, textarea, select, .editor') !== null
      )
        return
      turn()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}
