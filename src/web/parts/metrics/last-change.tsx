import type { ChangeId } from '../../../change/order.ts'
import { useHub } from '../hub.ts'
import { ChangeLink } from '../link.tsx'
import { useLoaded } from '../use-loaded.ts'
import { When } from '../when.tsx'

/** The first thing to know of graphs that look odd: what was changed last, by whom, how long ago. */
export function LastChange({ id }: Readonly<{ id: ChangeId | null }>) {
  const { api } = useHub()
  const loaded = useLoaded(id ?? '', 0, async () => (id === null ? null : (await api.change(id)).change))
  const change = loaded.answer
  if (id === null) return <p class="last-change-line quiet">no change yet</p>
  return (
    <p class="last-change-line">
      last change: <ChangeLink id={id} />{' '}
      {change !== null && (
        <>
          <span class="last-change-title">{change.title}</span>, {change.who},{' '}
          <When at={change.endedAt ?? change.orderedAt} />
        </>
      )}
    </p>
  )
}
