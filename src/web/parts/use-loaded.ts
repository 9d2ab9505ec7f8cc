import { useEffect, useRef, useState } from 'preact/hooks'
import type { Trouble } from '../../change/trouble.ts'
import { troubleIfRefused } from '../api.ts'
import { useModel } from './hub.ts'

/** What a page shows of the hub: the last answer stays while the next one is on its way. */
export type Loaded<T> = Readonly<{ answer: T | null; trouble: Trouble | null }>

const nothing = { subject: '', answer: null, trouble: null } as const

/** News come in bursts; asking once per burst is enough. */
const restMs = 400

/** Asks about a subject when it becomes another one, when `news` do, and when the hub is heard again. */
export function useLoaded<T>(subject: string, news: number | string, question: () => Promise<T>): Loaded<T> {
  const hearing = useModel((model) => model.hearing)
  const [loaded, setLoaded] = useState<Loaded<T> & Readonly<{ subject: string }>>(nothing)
  const asked = useRef({ subject: '', turn: 0 })
  const latest = useRef(question)
  latest.current = question
  useEffect(() => {
    const ask = () => {
      const turn = ++asked.current.turn
      const keep = (next: Loaded<T>) => {
        if (turn === asked.current.turn) setLoaded({ subject, ...next })
      }
      latest.current().then(
        (answer) => keep({ answer, trouble: null }),
        (thrown: unknown) => keep({ answer: null, trouble: troubleIfRefused(thrown) }),
      )
    }
    const isNew = asked.current.subject !== subject
    asked.current.subject = subject
    if (isNew) return ask()
    const timer = setTimeout(ask, restMs)
    return () => clearTimeout(timer)
  }, [subject, news, hearing])
  useEffect(() => () => void (asked.current.turn += 1), [])
  return loaded.subject === subject ? loaded : nothing
}
