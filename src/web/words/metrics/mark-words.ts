import type { MarkView } from '../../../api/wire/marks.ts'
import type { MarkGroup } from '../../state/metrics/marks.ts'
import { timeOf } from '../../state/metrics/marks.ts'
import { kindWords } from '../kind-words.ts'
import { lookOf } from '../status-words.ts'
import { momentWords } from './span-words.ts'

/** What somebody reads or hears of a mark: what, who, when, why. */
export function markWords(mark: MarkView): string {
  const when = momentWords(timeOf(mark))
  if (mark.type === 'other') return `${mark.title}, ${mark.sender}, by ${mark.who}, ${when}`
  return `${mark.id} ${mark.title}, ${kindWords(mark)}, ${lookOf(mark)}, by ${mark.who}, ${when}: ${mark.why}`
}

export function groupWords({ marks }: MarkGroup): string {
  const [first, last] = [marks[0], marks.at(-1)]
  if (first === undefined || last === undefined) return ''
  if (marks.length === 1) return markWords(first)
  return `${marks.length} changes, ${momentWords(timeOf(first))} to ${momentWords(timeOf(last))}`
}
