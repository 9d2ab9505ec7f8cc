import type { Labels } from '../labels.ts'
import { Arena } from './arena.ts'
import { ofSamples } from './block/shape.ts'
import { BlockFile } from './block/write-block.ts'
import type { Arrivals } from './head/arrivals.ts'
import { type Span, windowOf } from './window.ts'

export type FlushWorld = Readonly<{
  /** The series, in the order in which they are to be written. */
  order: readonly number[]
  labelsOf: (number: number) => Labels
  nextPath: (span: Span) => string
}>

const arenaFloats = 4096

/**
 * Samples of the memory on their way into blocks, one for each window. It goes on when somebody says so, by as much as he
 * says: so what is taken meanwhile waits for a little of it each time, and never for all.
 */
export class Flush {
  readonly arrivals: Arrivals
  readonly #world: FlushWorld
  readonly #written = new Set<number>()
  #work: Iterator<number>

  constructor(arrivals: Arrivals, world: FlushWorld) {
    this.arrivals = arrivals
    this.#world = world
    this.#work = this.#write()
  }

  /** Goes on for about so many samples. True when all is on the disk. Throws what the file system throws, and may go on then. */
  step(samples: number): boolean {
    try {
      for (let left = samples; left > 0;) {
        const { done, value } = this.#work.next()
        if (done === true) return true
        left -= value
      }
      return false
    } catch (thrown) {
      this.#work = this.#write()
      throw thrown
    }
  }

  *#write(): Generator<number, undefined> {
    for (const fromMs of this.arrivals.windows()) {
      if (this.#written.has(fromMs)) continue
      yield* this.#writeWindow(windowOf(fromMs))
      this.#written.add(fromMs)
    }
  }

  *#writeWindow(span: Span): Generator<number, undefined> {
    const file = new BlockFile(this.#world.nextPath(span), ofSamples)
    const arena = new Arena(arenaFloats)
    let isWhole = false
    try {
      for (const number of this.#world.order) {
        arena.clear()
        const piece = this.arrivals.read(number, span, arena.room)
        if (piece === null) continue
        file.add({ labels: this.#world.labelsOf(number), ...piece })
        yield piece.times.length
      }
      file.end()
      isWhole = true
    } finally {
      if (!isWhole) file.abandon()
    }
  }
}
