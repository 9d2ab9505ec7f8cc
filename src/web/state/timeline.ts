import type { ChangeView } from '../../api/wire/wire.ts'
import type { Aside } from '../../change/occurrence.ts'
import { dayWords } from '../words/time-words.ts'
import { kindWords } from '../words/kind-words.ts'
import { wordOf } from '../words/status-words.ts'

/** Whether every word of the text is somewhere in what a row shows. */
export function hasText(change: ChangeView, text: string): boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return true
  const { id, target, title, who, door, why } = change
  const shown = [id, kindWords(change), target, title, who, door, why, wordOf(change)]
    .join('\n')
    .toLowerCase()
  return words.every((word) => shown.includes(word))
}

export type Push = Extract<Aside, { type: 'pushed' }>

/** One line of the timeline: a change, or a push between the changes. */
export type Moment =
  | Readonly<{ type: 'change'; at: number; change: ChangeView }>
  | Readonly<{ type: 'push'; at: number; push: Push }>

/** Changes in the order given, and the pushes where they came in time; none is older than the oldest change. */
export function momentsOf(changes: readonly ChangeView[], pushes: readonly Push[]): readonly Moment[] {
  const waiting = pushes.toSorted((a, b) => b.at - a.at)
  return changes.flatMap((change): readonly Moment[] => {
    const isBefore = waiting.findIndex(({ at }) => at <= change.orderedAt)
    const newer = waiting.splice(0, isBefore === -1 ? waiting.length : isBefore)
    return [
      ...newer.map((push) => ({ type: 'push', at: push.at, push }) as const),
      { type: 'change', at: change.orderedAt, change },
    ]
  })
}

/** Moments under their day, in the order given. */
export function byDay(
  moments: readonly Moment[],
  now: number,
): readonly Readonly<{ day: string; moments: readonly Moment[] }>[] {
  const days = Map.groupBy(moments, ({ at }) => dayWords(at, now))
  return [...days].map(([day, ofDay]) => ({ day, moments: ofDay }))
}
