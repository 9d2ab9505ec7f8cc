import { agoWords, exactWords } from '../words/time-words.ts'
import { useNow } from './now.tsx'

/** A moment: how long ago to read, the exact time to hover and to copy. */
export function When({ at }: Readonly<{ at: number }>) {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={exactWords(at)}>
      {agoWords(at, now)}
    </time>
  )
}
