import { useEffect, useState } from 'preact/hooks'
import type { Span } from '../../state/metrics/span.ts'
import type { Model } from '../../state/model.ts'
import { troubleIfRefused } from '../../api.ts'
import { useHub, useModel } from '../hub.ts'
import type { Marks } from './desk.ts'

const none: Marks = { found: { marks: [], isCut: false }, trouble: null }

/** What is marked in a span. The marks that are there stay until newer ones have come. */
export function useMarks({ fromMs, toMs }: Span): Marks {
  const { api } = useHub()
  const news = useModel(newsOf)
  const hearing = useModel((model) => model.hearing)
  const [marks, setMarks] = useState(none)
  useEffect(() => {
    let isLeft = false
    const keep = (next: Marks) => {
      if (!isLeft) setMarks(next)
    }
    api.marks({ fromMs, toMs }).then(
      (found) => keep({ found, trouble: null }),
      (thrown: unknown) => keep({ ...none, trouble: troubleIfRefused(thrown) }),
    )
    return () => void (isLeft = true)
  }, [api, fromMs, toMs, news, hearing])
  return marks
}

/** Becomes another text when a change begins, moves on or ends, or another system has marked something. */
function newsOf({ changes, markNews }: Model): string {
  const newest = [...changes.values()]
    .slice(-100)
    .map(({ id, status, stage }) => `${id}${status}${stage ?? ''}`)
  return `${markNews} ${newest.join(' ')}`
}
