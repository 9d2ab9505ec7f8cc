import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Trouble } from '../../change/trouble.ts'
import { troubleIfRefused } from '../api.ts'

/** One question to the hub, as the page draws it. */
export type Asked<T> =
  | Readonly<{ type: 'not asked' }>
  | Readonly<{ type: 'asking' }>
  | Readonly<{ type: 'answered'; answer: T }>
  | Readonly<{ type: 'refused'; trouble: Trouble }>

/** Asks the hub and keeps the newest answer; an answer that comes after a newer question is dropped. */
export function useAsked<T>(): readonly [
  Asked<T>,
  (question: () => Promise<T>) => Promise<T | null>,
  () => void,
] {
  const [asked, setAsked] = useState<Asked<T>>({ type: 'not asked' })
  const newest = useRef(0)
  useEffect(() => () => void (newest.current = -1), [])
  const ask = useCallback(async (question: () => Promise<T>): Promise<T | null> => {
    const turn = ++newest.current
    setAsked({ type: 'asking' })
    const next = await question().then(
      (answer): Asked<T> => ({ type: 'answered', answer }),
      (thrown: unknown): Asked<T> => ({ type: 'refused', trouble: troubleIfRefused(thrown) }),
    )
    if (turn !== newest.current) return null
    setAsked(next)
    return next.type === 'answered' ? next.answer : null
  }, [])
  const forget = useCallback(() => {
    newest.current += 1
    setAsked({ type: 'not asked' })
  }, [])
  return [asked, ask, forget]
}
