import type { Matcher } from '../../matcher.ts'
import { Cursor } from './cursor.ts'
import { mayBeName, selector } from './selector.ts'

/** Reads what names series and nothing else: `up{job="web"}`. Throws QueryTrouble, with the words of Prometheus. */
export function parseSelector(text: string): readonly Matcher[] {
  const cursor = new Cursor(text)
  const word = mayBeName(cursor.next.type) ? cursor.take() : null
  if (word === null && !cursor.sees('{')) cursor.fail()
  const { matchers } = selector(cursor, word)
  if (!cursor.sees('end of input')) cursor.fail()
  return matchers
}
