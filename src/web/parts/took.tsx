import type { ChangeView } from '../../api/wire/wire.ts'
import { goingWords, tookWords } from '../words/time-words.ts'
import { useNow } from './now.tsx'

/** How long a change took, or has been going on. */
export function Took({ change }: Readonly<{ change: ChangeView }>) {
  const now = useNow()
  if (change.endedAt !== null) return <span>{tookWords(change.endedAt - change.orderedAt)}</span>
  return <span>{goingWords(now - change.orderedAt)}</span>
}
