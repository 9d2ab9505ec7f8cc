import { createContext } from 'preact'
import { useContext, useLayoutEffect, useReducer, useRef } from 'preact/hooks'
import type { Api } from '../api.ts'
import type { Model } from '../state/model.ts'
import type { Store } from '../state/store.ts'

/** What every part of the page may reach: the hub, what is known of it, and the address bar. */
export type Hub = Readonly<{
  api: Api
  store: Store
  /** Path and query of the page shown. */
  address: string
  /** `stay`: another address of the same page, which is not scrolled. */
  go: (address: string, how?: 'push' | 'replace' | 'stay') => void
}>

export const HubContext = createContext<Hub | null>(null)

export function useHub(): Hub {
  const hub = useContext(HubContext)
  if (hub === null) throw new Error('no hub around this part')
  return hub
}

/** Reads a part of the model and draws again when that part is another one. */
export function useModel<T>(select: (model: Model) => T): T {
  const { store } = useHub()
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const value = select(store.read())
  const shown = useRef({ select, value })
  shown.current = { select, value }
  useLayoutEffect(() => {
    const look = () => {
      const { select: latest, value: last } = shown.current
      if (!Object.is(latest(store.read()), last)) redraw(0)
    }
    look()
    return store.subscribe(look)
  }, [store])
  return value
}
