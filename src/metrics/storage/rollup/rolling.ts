import type { Shelf, Shelved } from '../block/shelf.ts'
import type { Deletions } from '../deletions/deletions.ts'
import type { Head } from '../head/head.ts'
import type { SeriesTable } from '../head/series-table.ts'
import type { Blocks } from '../reading.ts'
import { dayMs, isInside, stretchOf } from './level.ts'
import { mended } from './mended.ts'
import { rewrite, roll, type RollWorld } from './roll.ts'
import type { Rollups, Stack } from './rollups.ts'
import type { Rolled } from './summarize.ts'

export type RollingWorld = Readonly<{
  table: SeriesTable
  shelf: Shelf
  blocks: Blocks
  deletions: Deletions
  head: Head
  rollups: Rollups
  options: RollingOptions
}>

export type RollingOptions = Readonly<{
  now: () => number
  keptMs: number
  keptMinutesMs: number
  keptHoursMs: number
}>

/** Makes summaries of days that are over, and large files of those of days. */
export class Rolling {
  readonly #world: RollingWorld

  constructor(world: RollingWorld) {
    this.#world = world
  }

  /** Whether the samples of a block may go, as far as summaries of them are made while it is there. */
  isRolled(block: Shelved): boolean {
    const day = stretchOf(block.fromMs, dayMs)
    return (
      !this.#isWanted(day.toMs) || this.#world.rollups.hours.shelf.blocks.some((file) => isInside(day, file))
    )
  }

  /** Sums up the oldest day that is over and was not yet; the others have their turn another time. */
  async roll(isOver: (ms: number) => boolean): Promise<void> {
    const due = this.#world.shelf.blocks.filter(
      (block) => isOver(stretchOf(block.fromMs, dayMs).toMs) && !this.isRolled(block),
    )
    if (due.length === 0) return
    const day = stretchOf(Math.min(...due.map(({ fromMs }) => fromMs)), dayMs)
    await this.#rollDay(
      due.filter((block) => isInside(block, day)),
      day,
    )
  }

  /** Makes one file of those of many days that are over. */
  async join(isOver: (ms: number) => boolean): Promise<void> {
    const { rollups } = this.#world
    for (const { shelf, level } of rollups.stacks) {
      const spans = Map.groupBy(shelf.blocks, ({ fromMs }) => stretchOf(fromMs, level.spanMs).fromMs)
      for (const [fromMs, group] of spans) {
        if (group.length < 2 || !isOver(stretchOf(fromMs, level.spanMs).toMs)) continue
        const sorted = group.toSorted((a, b) => a.fromMs - b.fromMs)
        const files = sorted.flatMap((shelved) => rollups.open({ shelf, level }, shelved, []) ?? [])
        if (files.length < group.length) continue
        const read = (number: number): readonly Rolled[] => files.flatMap((file) => file.read(number) ?? [])
        await this.#replace({ shelf, level }, group, read)
      }
    }
  }

  /** Writes files anew without what was deleted of them; no more than `most` are looked at. */
  async forgetDeleted(most: number): Promise<void> {
    const { rollups, deletions, blocks } = this.#world
    for (const stack of rollups.stacks)
      for (const shelved of stack.shelf.blocks.filter((one) => deletions.mayConcern(one)).slice(0, most)) {
        const file = rollups.open(stack, shelved, [])
        if (file === null || file.gaps === null) continue
        await this.#replace(stack, [shelved], (number) =>
          mended(number, file, { level: stack.level, blocks }),
        )
      }
  }

  /** Removes the summaries that are older than they may be. */
  prune(): void {
    const { rollups, options } = this.#world
    const kept = { minutes: options.keptMinutesMs, hours: options.keptHoursMs }
    for (const { shelf, level } of rollups.stacks) {
      const oldest = options.now() - kept[level.name]
      shelf.remove(shelf.blocks.filter(({ toMs }) => toMs < oldest))
    }
  }

  /** Makes one file in the place of some; they stay as they are when they cannot be read to the end. */
  async #replace(
    { shelf, level }: Stack,
    group: readonly Shelved[],
    read: (number: number) => readonly Rolled[],
  ): Promise<void> {
    const { rollups } = this.#world
    const [first] = group
    if (first === undefined) return
    const span = group.length === 1 ? first : stretchOf(first.fromMs, level.spanMs)
    const isWhole = (): boolean => !group.some((shelved) => rollups.isBroken(shelved))
    if (!(await rewrite(shelf.nextPath(span), read, this.#writing(isWhole)))) return
    shelf.refresh()
    shelf.remove(group)
  }

  #isWanted(ms: number): boolean {
    const { now, keptHoursMs } = this.#world.options
    return ms >= now() - keptHoursMs
  }

  async #rollDay(group: readonly Shelved[], day: Readonly<{ fromMs: number; toMs: number }>): Promise<void> {
    const { blocks, rollups, options } = this.#world
    const opened = blocks.within(day, []).filter(({ shelved }) => group.includes(shelved))
    if (opened.length < group.length) return
    const isWhole = (): boolean => !group.some((block) => blocks.broken.has(block))
    // That hours are there says that the day is done, so they are the last.
    const levels = [rollups.minutes, rollups.hours].filter(
      ({ level, shelf }) =>
        level.name === 'hours' ||
        (options.keptMinutesMs > options.keptMs && !shelf.blocks.some((file) => isInside(day, file))),
    )
    const targets = levels.map(({ level, shelf }) => ({ level, path: shelf.nextPath(day) }))
    await roll(opened, targets, this.#writing(isWhole))
    for (const { shelf } of levels) shelf.refresh()
  }

  #writing(isWhole: () => boolean): RollWorld {
    const { head, table } = this.#world
    return { order: head.order.numbers(), labelsOf: (number) => table.labelsOf(number) ?? [], isWhole }
  }
}
