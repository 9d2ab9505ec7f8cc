import { setImmediate as pause } from 'node:timers/promises'
import type { Shelf, Shelved } from './block/shelf.ts'
import type { Budget } from './budget.ts'
import type { Deletions } from './deletions/deletions.ts'
import type { Head } from './head/head.ts'
import type { SeriesTable } from './head/series-table.ts'
import { merge } from './merge.ts'
import type { Blocks } from './reading.ts'
import { windowMs, windowOf } from './window.ts'

export type KeepingWorld = Readonly<{
  table: SeriesTable
  shelf: Shelf
  blocks: Blocks
  deletions: Deletions
  head: Head
  budget: Budget
  options: Readonly<{ now: () => number; keptMs: number; keptBytes: number; lateMs: number }>
}>

/** So many blocks of one window are read side by side, no more. */
const mostBesides = 8

/** What is done with blocks from time to time: some become one, old ones go, broken ones are set aside. */
export class Keeping {
  readonly #world: KeepingWorld
  /** Nothing is taken any more up to here. */
  closedMs = -Infinity

  constructor(world: KeepingWorld) {
    this.#world = world
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
    return windowOf(windowFromMs).toMs <= this.closedMs
  }

  /** Removes the blocks that are older than they may be, and the oldest while all are larger than they may be. */
  prune(): void {
    const { shelf, options } = this.#world
    const oldest = options.now() - options.keptMs
    shelf.remove(shelf.blocks.filter(({ toMs }) => toMs < oldest))
    let bytes = shelf.blocks.reduce((sum, block) => sum + block.bytes, 0)
    const tooMuch: Shelved[] = []
    for (const block of shelf.blocks.toSorted((a, b) => a.fromMs - b.fromMs)) {
      if (bytes <= options.keptBytes) break
      tooMuch.push(block)
      bytes -= block.bytes
    }
    shelf.remove(tooMuch)
  }

  /** Moves blocks that could not be read out of the way, and says where they are. */
  setAside(): readonly string[] {
    const { shelf, blocks } = this.#world
    const there = [...blocks.broken].filter((block) => shelf.blocks.includes(block))
    blocks.broken.clear()
    return there.map((block) => shelf.setAside(block))
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

  /** Writes blocks anew without what was deleted of them; no more than `most` are looked at. */
  async forgetDeleted(most: number): Promise<void> {
    const { shelf, deletions } = this.#world
    for (const shelved of shelf.blocks.filter((one) => deletions.mayConcern(one)).slice(0, most)) {
      if (this.#hasGaps(shelved)) await this.#join([shelved])
      await pause()
    }
    deletions.drop(shelf.blocks)
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
    const { table, head, shelf } = this.#world
    const known = table.size
    const kept = new Set([...head.roll.actives(), ...shelf.numbers()])
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
