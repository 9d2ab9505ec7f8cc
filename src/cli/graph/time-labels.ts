import { clock, stamp } from '../../words/time.ts'
import type { Span } from './span.ts'

/** How times are written under a graph: as short as they can be told apart. */
export function timeText({ fromMs, toMs, stepMs }: Span): (ms: number) => string {
  const isLong = toMs - fromMs > 86_400_000
  return (ms) => (isLong ? stamp(ms).slice(5, 16) : clock(ms).slice(0, stepMs < 60_000 ? 8 : 5))
}

/** So many labels, from one end to the other; `share` is how far it is to each, from 0 to 1. */
export function timeLabels(span: Span, count: number): readonly Readonly<{ text: string; share: number }>[] {
  const text = timeText(span)
  return Array.from({ length: count }, (_, nth) => {
    const share = nth / (count - 1)
    return { text: text(span.fromMs + share * (span.toMs - span.fromMs)), share }
  })
}
