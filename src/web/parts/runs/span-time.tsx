import { goingWords, tookWords } from '../../words/time-words.ts'
import { useNow } from '../now.tsx'

type Span = Readonly<{ from: number | null; to: number | null }>

/** How long something took, or has been going on; nothing before it begins. */
export function SpanTime({ from, to }: Span) {
  const now = useNow()
  if (from === null) return null
  return <span class="span-time">{to === null ? goingWords(now - from) : tookWords(to - from)}</span>
}
