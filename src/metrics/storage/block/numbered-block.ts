import type { Labels } from '../../labels.ts'
import type { Run } from '../../source.ts'
import type { BlockSeries } from './block-index.ts'
import type { Block } from './read-block.ts'

/** A block whose series are found by the numbers that all blocks and the head have in common. */
export class NumberedBlock {
  readonly #block: Block
  readonly #series = new Map<number, BlockSeries>()

  /** `numberOf` gives a series that is not known a number. */
  constructor(block: Block, numberOf: (labels: Labels) => number) {
    this.#block = block
    for (const series of block.index.series) this.#series.set(numberOf(series.labels), series)
  }

  numbers(): Iterable<number> {
    return this.#series.keys()
  }

  /** The samples of a series, both ends included; null when the block has none of it. Throws a BrokenBlock. */
  read(number: number, span: Readonly<{ fromMs: number; toMs: number }>): Run | null {
    const series = this.#series.get(number)
    return series === undefined ? null : this.#block.read(series, span)
  }

  close(): void {
    this.#block.close()
  }
}
