import { createContext } from 'preact'
import type { ComponentChildren } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import { isOver } from '../../change/status.ts'
import type { Model } from '../state/model.ts'
import { useModel } from './hub.ts'

const Now = createContext(0)

/** One clock for the whole page: every second while a change or a run goes on, else four times a minute. */
export function NowProvider({ children }: Readonly<{ children: ComponentChildren }>) {
  const isBusy = useModel(isAnythingOpen)
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), isBusy ? 1_000 : 15_000)
    return () => clearInterval(timer)
  }, [isBusy])
  return <Now.Provider value={now}>{children}</Now.Provider>
}

export const useNow = (): number => useContext(Now)

const isAnythingOpen = (model: Model): boolean =>
  [...model.changes.values()].some((change) => !isOver(change.status)) ||
  [...model.runs.values()].some((run) => run.outcome === null)
