import { useState } from 'preact/hooks'
import { ownPanels, ownShown } from '../../state/metrics/own-panels.ts'
import { useHub } from '../hub.ts'
import { useLoaded } from '../use-loaded.ts'
import { useDesk } from './desk.ts'
import { Panels } from './panels.tsx'

type Own = Readonly<{
  title: string
  /** Inside of the braces of a selector. */
  within: string
  nothing: string
}>

/** Whatever else something says of itself, a panel each: nobody has to name it first. */
export function OwnPanels({ title, within, nothing }: Own) {
  const { api } = useHub()
  const { span } = useDesk()
  const [isAll, showAll] = useState(false)
  const found = useLoaded(within, 0, async () => {
    const [names, described] = await Promise.all([api.metricNames(`{${within}}`, span), api.described()])
    return ownPanels(within, names, described)
  })
  const panels = found.answer ?? []
  return (
    <section aria-labelledby="own-numbers">
      <h2 id="own-numbers" class="panels-head">
        {title}
      </h2>
      {found.answer !== null && panels.length === 0 && <p class="quiet">{nothing}</p>}
      <Panels panels={isAll ? panels : panels.slice(0, ownShown)} />
      {!isAll && panels.length > ownShown && (
        <button type="button" class="more-panels" onClick={() => showAll(true)}>
          Show {panels.length - ownShown} more
        </button>
      )}
    </section>
  )
}
