import { useEffect, useState } from 'preact/hooks'
import type { Trouble } from '../../../change/trouble.ts'
import { troubleIfRefused } from '../../api.ts'
import { askGraph } from '../../state/metrics/ask-graph.ts'
import type { PanelWish } from '../../state/metrics/panel.ts'
import { type Graph, graphOf } from '../../state/metrics/series.ts'
import type { Span } from '../../state/metrics/span.ts'
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
    askGraph(api, queries, { span, stepMs, lastWeek, signal }).then(
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
