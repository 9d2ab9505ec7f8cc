import type { MarkView } from '../../../api/wire/marks.ts'
import { kindOf, type KindWord } from '../../words/kind-words.ts'
import type { Span } from './span.ts'

/** Where on the time axis a mark stands: where it first touched anything. */
export function timeOf(mark: MarkView): number {
  if (mark.type === 'other') return mark.from
  return mark.startedAt ?? mark.orderedAt
}

export const untilOf = (mark: MarkView): number | null => (mark.type === 'other' ? mark.until : mark.endedAt)

export type MarkKind = KindWord | 'told'

export const kindOfMark = (mark: MarkView): MarkKind => (mark.type === 'other' ? 'told' : kindOf(mark))

export const keyOfMark = (mark: MarkView): string => (mark.type === 'other' ? `m${mark.seq}` : mark.id)

/** What is not in force: taken back, put back, or never begun. It is drawn hollow. */
export function isHollow(mark: MarkView): boolean {
  if (mark.type === 'other') return false
  if (mark.revertedBy !== null) return true
  return mark.status === 'undone' || mark.status === 'refused' || mark.status === 'withdrawn'
}

/** Marks that lie too close to be hit one by one, oldest first; `at` is where they stand, as a share of the width. */
export type MarkGroup = Readonly<{
  key: string
  at: number
  marks: readonly MarkView[]
  kind: MarkKind | 'many'
  isHollow: boolean
}>

/**
 * Every mark is in exactly one group. What began before the span stands at its left edge: it was under way when the graph
 * begins.
 */
export function groupsOf(
  marks: readonly MarkView[],
  span: Span,
  { widthPx, apartPx }: Readonly<{ widthPx: number; apartPx: number }>,
): readonly MarkGroup[] {
  const placed = marks
    .map((mark) => ({ mark, at: shareOf(timeOf(mark), span) }))
    .toSorted((a, b) => a.at - b.at || timeOf(a.mark) - timeOf(b.mark))
  const groups: { from: number; to: number; marks: MarkView[] }[] = []
  for (const { mark, at } of placed) {
    const last = groups.at(-1)
    if (last !== undefined && (at - last.from) * widthPx < apartPx) {
      last.marks.push(mark)
      last.to = at
    } else groups.push({ from: at, to: at, marks: [mark] })
  }
  return groups.map(({ from, to, marks: inside }) => groupOf((from + to) / 2, inside))
}

function groupOf(at: number, marks: readonly MarkView[]): MarkGroup {
  const kinds = new Set(marks.map(kindOfMark))
  const [kind = 'other'] = kinds
  const [first] = marks
  return {
    key: first === undefined ? '' : keyOfMark(first),
    at,
    marks,
    kind: kinds.size > 1 ? 'many' : kind,
    isHollow: marks.every(isHollow),
  }
}

/** Where a time lies in a span: 0 at its beginning, 1 at its end. */
export function shareOf(time: number, { fromMs, toMs }: Span): number {
  return Math.min(1, Math.max(0, (time - fromMs) / (toMs - fromMs)))
}
