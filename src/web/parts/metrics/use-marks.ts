import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Span } from '../../state/metrics/span.ts'
import type { Model } from '../../state/model.ts'
import { troubleIfRefused } from '../../api.ts'
import { useHub, useModel } from '../hub.ts'
import type { Marks } from './desk.ts'

const none: Marks = { found: { marks: [], isCut: false, seq: -1 }, trouble: null }

/** What was asked last: about which span, what was known then, and whether the answer is on its way. */
const nothing = { span: '', news: '', seq: -1, isOnWay: false }

/** What is marked in a span. The marks that are there stay until newer ones have come. */
export function useMarks({ fromMs, toMs }: Span): Marks {
  const { api, store } = useHub()
  const news = useModel(newsOf)
  const isLost = useModel((model) => model.hearing === 'lost')
  const [marks, setMarks] = useState(none)
  const last = useRef(nothing)
  // Before all that is asked once the page is drawn: a plot that has its marks at once is drawn once.
  useLayoutEffect(() => {
    if (isLost) return void (last.current = nothing)
    const span = `${fromMs} ${toMs}`
    const before = last.current
    const isKnown = before.isOnWay || before.news === news || before.seq >= store.read().seq
    if (before.span === span && isKnown) return
    const mine = { span, news, seq: -1, isOnWay: true }
    last.current = mine
    const keep = (next: Marks) => {
      if (last.current !== mine) return
      last.current = { ...mine, seq: next.found.seq, isOnWay: false }
      setMarks(next)
    }
    api.marks({ fromMs, toMs }).then(
      (found) => keep({ found, trouble: null }),
      (thrown: unknown) => keep({ ...none, trouble: troubleIfRefused(thrown) }),
    )
    // What has come meanwhile is looked at again, for what was heard since it was asked.
  }, [api, fromMs, toMs, news, isLost, marks])
  useLayoutEffect(() => () => void (last.current = nothing), [])
  return marks
}

/** Becomes another text when a change begins, moves on or ends, or another system has marked something. */
function newsOf({ changes, markNews }: Model): string {
  const newest = [...changes.values()]
    .slice(-100)
    .map(({ id, status, stage }) => `${id}${status}${stage ?? ''}`)
  return `${markNews} ${newest.join(' ')}`
}
