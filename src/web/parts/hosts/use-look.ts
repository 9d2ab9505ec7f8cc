import type { Routes } from '../../../api/wire/wire.ts'
import { useHub } from '../hub.ts'
import { type Asked, useAsked } from '../use-asked.ts'

export type Look = Readonly<{ asked: Asked<Routes['POST /api/drift']>; look: () => void }>

/** Looks at hosts beside their recipes when asked to; what is found goes to every place that shows it. */
export function useLook(on: readonly string[]): Look {
  const { api, store } = useHub()
  const [asked, ask] = useAsked<Routes['POST /api/drift']>()
  const look = async () => {
    const answer = await ask(() => api.look(on))
    if (answer !== null) store.tell({ type: 'drift came', hosts: answer.hosts })
  }
  return { asked, look: () => void look() }
}
