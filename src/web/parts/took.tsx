import type { ChangeView } from '../../api/wire.ts'
import { tookWords } from '../words/time-words.ts'
import { useNow } from './now.tsx'

/** How long a change took, or has been going on. */
export function Took({ change }: Readonly<{ change: ChangeView }>) {
  const now = useNow()
  const ms = (change.endedAt ?? Math.max(now, change.orderedAt)) - change.orderedAt
  return <span class="took">{change.endedAt === null && ms < 1_000 ? '0 s' : tookWords(ms)}</span>
}
