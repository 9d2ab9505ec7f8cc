import type { StatusView } from '../../api/wire/wire.ts'
import type { ChangeId } from '../../change/order.ts'
import { tame } from '../../words/paint.ts'
import { took } from '../../words/time.ts'

type Line = StatusView['lines'][number]

/** Why a change waits: who holds the target, why and since when, and how many come first. `null` if it does not. */
export function waitText(lines: readonly Line[], change: ChangeId, now: number): string | null {
  const line = lines.find(({ waiting }) => waiting.some((place) => place.change === change))
  if (line === undefined || line.holder === null) return null
  const { holder } = line
  const before = line.waiting.findIndex((place) => place.change === change)
  const why = holder.why === '' ? '' : ` (${holder.why})`
  const queue = before < 1 ? '' : `; ${before} more before it`
  return tame(
    `waits for ${line.target}: ${holder.who} holds it with ${holder.change}${why} for ${took(now - holder.since)}${queue}`,
  )
}
