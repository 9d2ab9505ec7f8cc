import { fresh } from '../arena.ts'
import type { Count } from '../block/count.ts'
import type { Budget } from '../budget.ts'
import type { Head } from '../head/head.ts'
import type { SeriesTable } from '../head/series-table.ts'
import type { Blocks } from '../reading.ts'
import type { Rollups } from '../rollup/rollups.ts'
import { type DeletionWish, meansOf } from './deletion.ts'
import type { Deletions } from './deletions.ts'

export type DeletingWorld = Readonly<{
  table: SeriesTable
  count: Count
  blocks: Blocks
  rollups: Rollups
  head: Head
  budget: Budget
  deletions: Deletions
}>

/** Deletes samples, all of which lie in blocks and rollups; gives back how many series had some there. */
export function deleteSamples(world: DeletingWorld, wish: DeletionWish): number {
  const { blocks, rollups, deletions, count } = world
  const means = meansOf(wish)
  const meant = new Set<number>()
  const wanted = { ...wish, onlyTimes: true }
  for (const { block, read } of blocks.within(wish, []))
    for (const number of block.numbers()) {
      if (meant.has(number) || !means(world.table.labelsOf(number) ?? [])) continue
      if (read(number, wanted, fresh) !== null) meant.add(number)
    }
  for (const { file, hasOf } of rollups.within(wish))
    for (const number of file.numbers()) {
      if (meant.has(number) || !means(world.table.labelsOf(number) ?? [])) continue
      if (hasOf(number, wish)) meant.add(number)
    }
  if (meant.size === 0) return 0
  deletions.add({ ...wish, upTo: count.newest })
  endThose(world, meant, wish)
  return meant.size
}

/** Series of which the newest samples are gone make room for others. */
function endThose(
  { table, head, budget }: DeletingWorld,
  numbers: ReadonlySet<number>,
  { fromMs, toMs }: DeletionWish,
): void {
  const { roll } = head
  for (const number of numbers) {
    const newestMs = roll.newest[number] ?? -Infinity
    if (!roll.isActive(number) || newestMs < fromMs || newestMs > toMs) continue
    roll.end(number)
    budget.remove(table.labelsOf(number) ?? [])
  }
}
