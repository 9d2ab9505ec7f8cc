import type { ChangeView } from '../../api/wire/wire.ts'
import type { ChangeId } from '../../change/order.ts'

/**
 * The number of the oldest change down to which the list of a target has no hole; `''` is the list of all, and 0 its
 * beginning. Older changes may be known as well, from other lists: showing them here would hide that some are missing.
 */
export type Reach = ReadonlyMap<string, number>

/** `c12` -> 12, `r7` -> 7. */
export const numberOf = (id: string): number => Number(id.slice(1))

/** What is whole for all targets is whole for each. */
export const reachOf = (reach: Reach, target: string | null): number =>
  Math.min(reach.get('') ?? Infinity, reach.get(target ?? '') ?? Infinity)

type Page = Readonly<{
  changes: readonly ChangeView[]
  asked: Readonly<{ target: string | null; before: ChangeId | null }>
  isEnd: boolean
  /** Changes may be missing between those that were known and the newest. */
  hasGap: boolean
}>

/** How far the lists go back with one more page of changes. */
export function withPage(reach: Reach, { changes, asked, isEnd, hasGap }: Page): Reach {
  const { target, before } = asked
  const known = reachOf(reach, target)
  const oldest = isEnd ? 0 : Math.min(...changes.map(({ id }) => numberOf(id)))
  if (hasGap && before === null && target === null) return new Map([['', oldest]])
  // A page that begins further back than the list goes leaves a hole between.
  if (before !== null && numberOf(before) < known) return reach
  return new Map(reach).set(target ?? '', Math.min(known, oldest))
}

/** No list goes further back than the oldest change that is kept. */
export const within = (reach: Reach, oldestKept: number): Reach =>
  new Map([...reach].map(([target, from]) => [target, Math.max(from, oldestKept)]))
