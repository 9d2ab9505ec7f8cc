import { columnsBy } from '../../summaries.ts'
import type { Span } from '../window.ts'
import type { Rolled } from './summarize.ts'

/** What is left when samples of these spans are gone: of a summary it is not known which they were, so all of it goes. */
export function without({ columns, ends }: Rolled, spans: readonly Span[]): Rolled {
  const isGone = (fromMs: number, toMs: number): boolean =>
    spans.some((span) => meets({ fromMs, toMs }, span))
  const { firstTimes, lastTimes } = columns
  const isKept = (_: number, at: number): boolean => !isGone(firstTimes[at] ?? 0, lastTimes[at] ?? 0)
  return {
    columns: columnsBy((name) => columns[name].filter(isKept)),
    ends: ends.filter((ms) => !isGone(ms, ms)),
  }
}

/** Whether something of it may lie in a span. */
export function isMet({ columns: { firstTimes, lastTimes }, ends }: Rolled, span: Span): boolean {
  const isThere = firstTimes.some((fromMs, at) => meets({ fromMs, toMs: lastTimes[at] ?? 0 }, span))
  return isThere || ends.some((ms) => meets({ fromMs: ms, toMs: ms }, span))
}

function meets(a: Span, b: Span): boolean {
  return a.fromMs <= b.toMs && a.toMs >= b.fromMs
}
