import type { ChangeView } from '../../api/wire.ts'
import { lookOf, meaningOf, toneOf } from '../words/status-words.ts'
import { StatusShape } from './status-shape.tsx'

/** The status of a change: word, colour and shape together. */
export function StatusBadge({ change }: Readonly<{ change: Pick<ChangeView, 'status' | 'revertedBy'> }>) {
  const look = lookOf(change)
  return (
    <span class={`badge tone-${toneOf(look)}`} title={meaningOf(look)}>
      <StatusShape look={look} />
      {look}
    </span>
  )
}
