import type { ChangeView } from '../../api/wire.ts'
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

/** Changes under the day they were ordered on, in the order given. */
export function byDay(
  changes: readonly ChangeView[],
  now: number,
): readonly Readonly<{ day: string; changes: readonly ChangeView[] }>[] {
  const days = Map.groupBy(changes, (change) => dayWords(change.orderedAt, now))
  return [...days].map(([day, ofDay]) => ({ day, changes: ofDay }))
}
