import { useEffect, useState } from 'preact/hooks'
import type { Trouble } from '../../../change/trouble.ts'
import { type Api, troubleIfRefused } from '../../api.ts'
import type { PanelQuery, PanelWish } from '../../state/metrics/panel.ts'
import { type Answer, type Graph, graphOf, timesOf } from '../../state/metrics/series.ts'
import { type Span, weekMs, windowOf } from '../../state/metrics/span.ts'
import { useHub } from '../hub.ts'
import { useDesk } from './desk.ts'

/** A graph as far as it is known: the last one stays while the next one is on its way. */
export type Asked = Readonly<{ graph: Graph | null; span: Span; trouble: Trouble | null; isAsking: boolean }>

/** Asks the hub for the numbers of a panel, anew with every other time that the page shows. */
export function useGraph({ queries }: Pick<PanelWish, 'queries'>): Asked {
  const { api } = useHub()
  const { span, stepMs, lastWeek } = useDesk()
  const [asked, setAsked] = useState<Asked>({ graph: null, span, trouble: null, isAsking: true })
  const subject = JSON.stringify(queries)
  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    setAsked((before) => ({ ...before, isAsking: true }))
    ask(api, queries, { span, stepMs, lastWeek, signal }).then(
      (answers) => {
        if (!signal.aborted)
          setAsked({ graph: graphOf(answers, span, stepMs), span, trouble: null, isAsking: false })
      },
      (thrown: unknown) => {
        const trouble = troubleIfRefused(thrown)
        if (!signal.aborted) setAsked({ graph: null, span, trouble, isAsking: false })
      },
    )
    return () => leaving.abort()
  }, [api, subject, span, stepMs, lastWeek])
  return asked
}

type Wish = Readonly<{ span: Span; stepMs: number; lastWeek: boolean; signal: AbortSignal }>

function ask(api: Api, queries: readonly PanelQuery[], wish: Wish): Promise<readonly Answer[]> {
  const { span, stepMs, lastWeek, signal } = wish
  const times = timesOf(span, stepMs)
  const asked = { fromMs: times[0] ?? span.fromMs, toMs: times.at(-1) ?? span.toMs }
  const weekBefore = { fromMs: asked.fromMs - weekMs, toMs: asked.toMs - weekMs }
  return Promise.all(
    queries.map(async (query) => {
      const text = query.query.replaceAll('$window', windowOf(stepMs))
      const [now, before] = await Promise.all([
        api.range(text, asked, stepMs, signal),
        lastWeek ? api.range(text, weekBefore, stepMs, signal) : null,
      ])
      return { query, now, before }
    }),
  )
}
