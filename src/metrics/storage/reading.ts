import type { Labels } from '../labels.ts'
import type { Run } from '../source.ts'
import type { Block } from './block/read-block.ts'
import { BrokenBlock } from './block/read-block.ts'
import type { Shelf, Shelved } from './block/shelf.ts'
import type { Piece } from './cut.ts'
import type { Arrivals } from './head/arrivals.ts'
import { gather } from './join.ts'
import type { Span } from './window.ts'

/** Blocks as they are read: one that cannot be is left out, and told of once. */
export class Blocks {
  readonly #shelf: Shelf
  /** Those that cannot be read, until somebody sets them aside. */
  readonly broken = new Set<Shelved>()

  constructor(shelf: Shelf) {
    this.#shelf = shelf
  }

  /** Blocks that may have samples of these times, each with a way to read it. */
  within({ fromMs, toMs }: Span, warnings: string[]): readonly OpenBlock[] {
    return this.#shelf.blocks
      .filter((shelved) => shelved.toMs >= fromMs && shelved.fromMs <= toMs)
      .flatMap((shelved) => {
        const block = this.#unlessBroken(shelved, warnings, () => this.#shelf.open(shelved))
        return block === null ? [] : [this.#readable(block, shelved, warnings)]
      })
  }

  #readable(block: Block, shelved: Shelved, warnings: string[]): OpenBlock {
    return {
      shelved,
      block,
      read: (number, span) => this.#unlessBroken(shelved, warnings, () => block.read(number, span)),
    }
  }

  #unlessBroken<T>(shelved: Shelved, warnings: string[], work: () => T): T | null {
    try {
      return work()
    } catch (thrown) {
      if (!(thrown instanceof BrokenBlock)) throw thrown
      this.broken.add(shelved)
      if (!warnings.includes(thrown.message)) warnings.push(thrown.message)
      return null
    }
  }
}

export type OpenBlock = Readonly<{
  shelved: Shelved
  block: Block
  read: (number: number, span: Span) => Piece | null
}>

export type Sought = Readonly<{
  series: readonly Readonly<{ number: number; labels: Labels }>[]
  blocks: readonly OpenBlock[]
  layers: readonly Arrivals[]
  span: Span
}>

/** Reads series one after the other. Those that were sampled together share their times. */
export function* read({ series, blocks, layers, span }: Sought): Iterable<Run> {
  let last = new Float64Array(0)
  for (const { number, labels } of series) {
    const pieces = [
      ...blocks.map((block) => block.read(number, span)),
      ...layers.map((layer) => layer.read(number, span.fromMs, span.toMs)),
    ]
    const { times, values, stale } = gather(pieces.filter((piece) => piece !== null))
    if (times.length === 0) continue
    if (!isSame(times, last)) last = times as Float64Array<ArrayBuffer>
    yield { labels, times: last, values, stale }
  }
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false
  return true
}
