import { setImmediate as pause } from 'node:timers/promises'
import type { Shelf, Shelved } from './block/shelf.ts'
import type { Budget } from './budget.ts'
import type { Deletions } from './deletions/deletions.ts'
import type { Head } from './head/head.ts'
import type { SeriesTable } from './head/series-table.ts'
import { merge } from './merge.ts'
import type { Blocks } from './reading.ts'
import { Rolling, type RollingOptions } from './rollup/rolling.ts'
import type { Rollups } from './rollup/rollups.ts'
import { tooMuch } from './too-much.ts'
import { windowMs, windowOf } from './window.ts'

export type KeepingWorld = Readonly<{
  table: SeriesTable
  shelf: Shelf
  blocks: Blocks
  deletions: Deletions
  head: Head
  budget: Budget
  rollups: Rollups
  options: RollingOptions & Readonly<{ keptBytes: number; lateMs: number }>
}>

/** So many blocks of one window are read side by side, no more. */
const mostBesides = 8

/** What is done with blocks from time to time: some become one, old ones go, broken ones are set aside. */
export class Keeping {
  readonly #world: KeepingWorld
  readonly #rolling: Rolling
  /** Nothing is taken any more up to here. */
  closedMs = -Infinity

  constructor(world: KeepingWorld) {
    this.#world = world
    this.#rolling = new Rolling(world)
  }

  /** What came by now says what is too old from now on. */
  close(): void {
    const { head, options } = this.#world
    this.closedMs = Math.max(this.closedMs, head.newestMs - options.lateMs - 1)
  }

  /** How late samples may come was said otherwise: what was too old for it may be taken now. */
  closeAnew(): void {
    this.closedMs = -Infinity
    this.close()
  }

  /** Whether a window is over, and nothing can be late for it any more. */
  isOver(windowFromMs: number): boolean {
    const { now, keptMs } = this.#world.options
    return windowOf(windowFromMs).toMs <= Math.max(this.closedMs, now() - keptMs - 1)
  }

  /**
   * Removes what is older than it may be, and the oldest while all is larger than it may be. Samples that are to be summed up
   * wait for that.
   */
  prune(): void {
    const { shelf, rollups, options } = this.#world
    const oldest = options.now() - options.keptMs
    shelf.remove(shelf.blocks.filter((block) => block.toMs < oldest && this.#rolling.isRolled(block)))
    this.#rolling.prune()
    const kinds = [
      { files: shelf.blocks, share: 1 / 2 },
      ...rollups.stacks.map((stack) => ({ files: stack.shelf.blocks, share: 1 / 4 })),
    ]
    const gone = new Set(tooMuch(kinds, options.keptBytes))
    for (const one of [shelf, ...rollups.stacks.map((stack) => stack.shelf)])
      one.remove(one.blocks.filter((file) => gone.has(file)))
  }

  /** Sums up days that are over. */
  async roll(): Promise<void> {
    const { head } = this.#world
    const isDone = (ms: number): boolean => this.isOver(ms) && ms < head.oldestWindowMs && !head.isFlushing
    await this.#rolling.roll(isDone)
    await this.#rolling.join(isDone)
  }

  /** Moves blocks that could not be read out of the way, and says where they are. */
  setAside(): readonly string[] {
    const { shelf, blocks, rollups } = this.#world
    const there = [...blocks.broken].filter((block) => shelf.blocks.includes(block))
    blocks.broken.clear()
    return [...there.map((block) => shelf.setAside(block)), ...rollups.setAside()]
  }

  /** Makes one block of those of a window that is over, or of which there are many. */
  async join(): Promise<void> {
    const { shelf } = this.#world
    const windows = Map.groupBy(shelf.blocks, ({ fromMs }) => fromMs)
    for (const [fromMs, group] of windows) {
      const isDue = group.length >= (this.isOver(fromMs) ? 2 : mostBesides)
      if (isDue) await this.#join(group)
    }
  }

  /** Writes files anew without what was deleted of them; no more than `most` of a kind are looked at. */
  async forgetDeleted(most: number): Promise<void> {
    const { shelf, rollups, deletions } = this.#world
    for (const shelved of shelf.blocks.filter((one) => deletions.mayConcern(one)).slice(0, most)) {
      if (this.#hasGaps(shelved)) await this.#join([shelved])
      await pause()
    }
    await this.#rolling.forgetDeleted(most)
    deletions.drop([...shelf.blocks, ...rollups.files])
  }

  /** Series without a sample for a while make room for others. */
  retire(): void {
    const { head, budget, table, options } = this.#world
    for (const number of head.roll.silentSince(head.newestMs - Math.max(windowMs, options.lateMs))) {
      head.roll.end(number)
      budget.remove(table.labelsOf(number) ?? [])
    }
  }

  /** Forgets series of which there is nothing. True when there were some. */
  forget(): boolean {
    const { table, head, shelf, rollups } = this.#world
    const known = table.size
    const kept = new Set([...head.roll.actives(), ...shelf.numbers(), ...rollups.numbers()])
    for (const [number] of table.all()) if (head.layers().some((layer) => layer.has(number))) kept.add(number)
    if (kept.size === known) return false
    table.keep(kept)
    return table.size < known
  }

  #hasGaps(shelved: Shelved): boolean {
    const opened = this.#world.blocks.within(shelved, [])
    return opened.some((one) => one.shelved === shelved && one.gaps !== null)
  }

  async #join(group: readonly Shelved[]): Promise<void> {
    const { shelf, blocks, head, table } = this.#world
    const [first] = group
    if (first === undefined) return
    const opened = blocks.within(first, []).filter(({ shelved }) => group.includes(shelved))
    if (opened.length < group.length) return
    await pause()
    const isWhole = (): boolean => !group.some((block) => blocks.broken.has(block))
    const isDone = await merge({
      blocks: opened,
      order: head.order.numbers(),
      labelsOf: (number) => table.labelsOf(number) ?? [],
      path: shelf.nextPath(first),
      isWhole,
    })
    if (!isDone) return
    shelf.refresh()
    shelf.remove(group)
  }
}
