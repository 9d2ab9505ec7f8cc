import { type Looks, lookOf, meaningOf, toneOf } from '../../words/status-words.ts'
import { StatusShape } from './status-shape.tsx'

/** The status of a change: word, colour and shape together. */
export function StatusBadge({ change }: Readonly<{ change: Looks }>) {
  const look = lookOf(change)
  return (
    <span class={`badge tone-${toneOf(look)}`} title={meaningOf(look)}>
      <StatusShape look={look} />
      {look}
    </span>
  )
}
