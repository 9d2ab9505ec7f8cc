import type { ChangeView } from '../../../api/wire/wire.ts'
import { isOver } from '../../../change/status.ts'

/** How far an open change is: its stage in words, and a bar. Nothing for one that is over. */
export function ProgressLine({ change }: Readonly<{ change: ChangeView }>) {
  const { done, total } = change.steps
  if (isOver(change.status) || total === 0) return null
  const stage = change.status === 'undoing' ? 'putting back' : (change.stage ?? change.status)
  return (
    <div class="progress">
      <span class="progress-words">
        {stage} · {done} of {total} steps
      </span>
      <progress value={done} max={total} aria-label={`${change.id}: ${done} of ${total} steps`} />
    </div>
  )
}
