import type { Labels } from '../../labels.ts'
import type { Piece } from '../cut.ts'
import { DiskFull, isFull } from '../disk-full.ts'
import { Flush } from '../flush.ts'
import type { Batch } from '../wal/record.ts'
import type { Span } from '../window.ts'
import { Arrivals, type Slab } from './arrivals.ts'
import { Order } from './order.ts'
import { Roll } from './roll.ts'
import type { SeriesTable } from './series-table.ts'

export type HeadWorld = Readonly<{
  table: SeriesTable
  nextPath: (span: Span) => string
  /** The sample of a series in the blocks at this time. */
  inBlocks: (number: number, ms: number) => Piece | null
  /** So many samples are written into blocks together. */
  samples: number
}>

/** For each sample that comes, so many go into blocks: a flush is over long before the next one is due. */
const pace = 4

/** What was taken and is in no block yet: samples as they come, and before those perhaps some that are being written. */
export class Head {
  readonly roll = new Roll()
  readonly order: Order
  readonly #world: HeadWorld
  /** Slabs that are free, so that memory is not asked for again and again. */
  readonly #spare: Slab[] = []
  #arrivals = new Arrivals(this.#spare)
  #flush: Flush | null = null
  newestMs = -Infinity

  constructor(world: HeadWorld) {
    this.#world = world
    this.order = new Order(world.table)
  }

  /** Says how new what is in blocks is. */
  hasBlock({ index }: Readonly<{ index: Readonly<{ toMs: number }> }>): void {
    this.newestMs = Math.max(this.newestMs, index.toMs)
  }

  get isFlushing(): boolean {
    return this.#flush !== null
  }

  get samples(): number {
    return this.#arrivals.count + (this.#flush?.arrivals.count ?? 0)
  }

  /** In how many pieces samples lie, and of which times they may be. */
  get held(): Readonly<{ pieces: number; span: Span | null }> {
    const layers = this.layers().filter(({ count }) => count > 0)
    const fromMs = Math.min(...layers.map((layer) => layer.windows()[0] ?? Infinity))
    return {
      pieces: layers.reduce((sum, { pages }) => sum + pages, 0),
      span: layers.length === 0 ? null : { fromMs, toMs: this.newestMs },
    }
  }

  get bytes(): number {
    return this.#arrivals.bytes + (this.#flush?.arrivals.bytes ?? 0)
  }

  /** Samples in memory, those that came first first. */
  layers(): readonly Arrivals[] {
    return this.#flush === null ? [this.#arrivals] : [this.#flush.arrivals, this.#arrivals]
  }

  /** The first window of what comes; after all times when there is nothing. */
  get oldestWindowMs(): number {
    return this.#arrivals.windows()[0] ?? Infinity
  }

  /** Whether samples should go into blocks before more come. */
  get isDue(): boolean {
    return this.#flush === null && this.#arrivals.count >= this.#world.samples
  }

  /** Puts samples of series that have begun into memory; gives back the places of those that contradict what is there. */
  put({ series, times, values, stale }: Batch): readonly number[] {
    const { newest } = this.roll
    const arrivals = this.#arrivals
    const contradicting: number[] = []
    let ends = 0
    let newestMs = this.newestMs
    for (let at = 0; at < series.length; at += 1) {
      const number = series[at] ?? 0
      const ms = times[at] ?? 0
      const isEnd = stale[ends] === at
      if (isEnd) ends += 1
      const value = values[at] ?? 0
      if (ms > (newest[number] ?? Infinity)) {
        newest[number] = ms
        if (isEnd) arrivals.pushEnd(number, ms)
        else arrivals.push(number, ms, value)
        if (ms > newestMs) newestMs = ms
      } else if (!this.#putLate(number, ms, isEnd ? 'end' : value)) contradicting.push(at)
    }
    this.newestMs = newestMs
    return contradicting
  }

  /** From now on samples go into memory anew; those that are there go into blocks bit by bit. */
  freeze(): void {
    this.#flush = new Flush(this.#arrivals, {
      order: this.order.numbers(),
      labelsOf: (number): Labels => this.#world.table.labelsOf(number) ?? [],
      nextPath: this.#world.nextPath,
    })
    this.#arrivals = new Arrivals(this.#spare)
    this.roll.unnameAll()
  }

  /** Writes some of what is to go into blocks. True when all of it is there, which is told once. */
  step(samples: number): boolean {
    if (this.#flush?.step(samples) !== true) return false
    const { arrivals } = this.#flush
    if (arrivals.readers === 0) this.#spare.push(...arrivals.slabs())
    this.#flush = null
    return true
  }

  /** The same, as much as is fitting when so many come. A disk that is full is somebody else's trouble, up to a limit. */
  stepFor(coming: number): boolean {
    try {
      return this.step(pace * coming)
    } catch (thrown) {
      if (!isFull(thrown)) throw thrown
      if (this.#arrivals.count >= this.#world.samples) throw new DiskFull('the blocks of samples', thrown)
      return false
    }
  }

  /** Whether what is there of a series at a time is something else. */
  contradicts(number: number, ms: number, value: number | 'end'): boolean {
    if (ms > (this.roll.newest[number] ?? -Infinity)) return false
    const known = this.#at(number, ms)
    return known !== null && !Object.is(known, value)
  }

  #putLate(number: number, ms: number, value: number | 'end'): boolean {
    const known = this.#at(number, ms)
    if (known !== null) return Object.is(known, value)
    this.#arrivals.pushLate(number, ms, value)
    return true
  }

  #at(number: number, ms: number): number | 'end' | null {
    for (const layer of this.layers()) {
      const known = layer.at(number, ms)
      if (known !== null) return known
    }
    const piece = this.#world.inBlocks(number, ms)
    if (piece === null) return null
    return piece.stale === null ? (piece.values[0] ?? 0) : 'end'
  }
}
