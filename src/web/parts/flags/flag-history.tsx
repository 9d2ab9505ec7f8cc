import { useEffect } from 'preact/hooks'
import type { ChangeId } from '../../../change/order.ts'
import { troubleIfRefused } from '../../api.ts'
import { ChangeRow } from '../change/change-row.tsx'
import { useHub, useModel } from '../hub.ts'

const mostShown = 20

/** What was done to a flag, newest first. */
export function FlagHistory({ ids }: Readonly<{ ids: readonly ChangeId[] }>) {
  const { api, store } = useHub()
  const changes = useModel((model) => model.changes)
  const wanted = ids.slice(0, mostShown)
  const missing = wanted.filter((id) => !changes.has(id)).join(' ')
  useEffect(() => {
    for (const id of missing.split(' '))
      if (id !== '')
        api.change(id).then(({ change }) => store.tell({ type: 'change came', change }), troubleIfRefused)
  }, [api, store, missing])
  return (
    <section aria-labelledby="history">
      <h2 id="history">Changes</h2>
      <ol class="rows">
        {wanted.flatMap((id) => {
          const change = changes.get(id)
          return change === undefined ? [] : [<ChangeRow key={id} change={change} />]
        })}
      </ol>
    </section>
  )
}
