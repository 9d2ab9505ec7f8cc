import { useState } from 'preact/hooks'
import { historyIn, remembering } from '../../state/metrics/query-history.ts'

const room = 'tandem queries'

/** What was asked before in this browser, newest first. */
export function useQueryHistory(): readonly [readonly string[], (query: string) => void] {
  const [queries, setQueries] = useState(() => historyIn(localStorage.getItem(room)))
  const remember = (query: string) => {
    // Another tab may have asked meanwhile.
    const next = remembering(historyIn(localStorage.getItem(room)), query)
    localStorage.setItem(room, JSON.stringify(next))
    setQueries(next)
  }
  return [queries, remember]
}
