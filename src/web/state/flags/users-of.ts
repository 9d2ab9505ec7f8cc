import type { FlagView, SegmentView } from '../../../api/wire/flags.ts'
import type { Condition } from '../../../../sdk/flag/flag.ts'

type Found = Readonly<{ flags: readonly FlagView[]; segments: readonly SegmentView[] }>

/** The flags that ask whether somebody belongs to a segment, also by way of other segments. */
export function usersOf(segment: string, { flags, segments }: Found): readonly string[] {
  const meant = new Set([segment])
  let before = 0
  while (meant.size > before) {
    before = meant.size
    for (const { key, segment: one } of segments)
      if (one.when !== undefined && names(one.when, meant)) meant.add(key)
  }
  return flags
    .filter(({ flag }) => (flag.rules ?? []).some(({ when }) => when !== undefined && names(when, meant)))
    .map(({ key }) => key)
}

function names(condition: Condition, segments: ReadonlySet<string>): boolean {
  if ('all' in condition) return condition.all.some((part) => names(part, segments))
  if ('any' in condition) return condition.any.some((part) => names(part, segments))
  if ('not' in condition) return names(condition.not, segments)
  return 'segment' in condition && segments.has(condition.segment)
}
