import { AlikeReader } from './alike.ts'
import { Arena, fresh, type Room } from './arena.ts'
import type { Labels } from '../labels.ts'
import type { Run } from '../source.ts'
import type { Block, Wanted } from './block/read-block.ts'
import { Breakage } from './block/breakage.ts'
import type { Shelf, Shelved } from './block/shelf.ts'
import { isSame, type Piece } from './cut.ts'
import { covers, cutOut } from './deletions/cut-out.ts'
import type { Deletions, Gaps } from './deletions/deletions.ts'
import type { Arrivals } from './head/arrivals.ts'
import { gather } from './join.ts'
import { type Span, windowOf } from './window.ts'

/** Blocks as they are read, without what was deleted: one that cannot be is left out, and told of once. */
export class Blocks {
  readonly #shelf: Shelf
  readonly #deletions: Deletions
  readonly #breakage = new Breakage()

  constructor(shelf: Shelf, deletions: Deletions) {
    this.#shelf = shelf
    this.#deletions = deletions
  }

  /** Those that cannot be read, until somebody sets them aside. */
  get broken(): Set<Shelved> {
    return this.#breakage.found
  }

  /** Blocks that may have samples of these times, each with a way to read it. */
  within({ fromMs, toMs }: Span, warnings: string[]): readonly OpenBlock[] {
    return this.#shelf.blocks
      .filter((shelved) => shelved.toMs >= fromMs && shelved.fromMs <= toMs)
      .flatMap((shelved) => {
        const block = this.#breakage.unless(shelved, warnings, () => this.#shelf.open(shelved))
        return block === null ? [] : [this.#readable(block, shelved, warnings)]
      })
  }

  /** The sample of a series at this time, in the block that was written first. */
  at(number: number, ms: number): Piece | null {
    const span = { fromMs: ms, toMs: ms }
    for (const block of this.within(span, [])) {
      const piece = block.read(number, span, fresh)
      if (piece !== null) return piece
    }
    return null
  }

  #readable(block: Block, shelved: Shelved, warnings: string[]): OpenBlock {
    const read: OpenBlock['read'] = (number, wanted, room) =>
      this.#breakage.unless(shelved, warnings, () => block.read(number, wanted, room))
    const gaps = this.#deletions.in(shelved, block)
    if (gaps !== null) return withGaps({ shelved, block, read, gaps })
    return { shelved, block, gaps, read, has: (number) => block.has(number) }
  }
}

/** A block without what was deleted of it: `gaps` says what, for those who ask the block itself. */
export type OpenBlock = Readonly<{
  shelved: Shelved
  block: Block
  gaps: Gaps | null
  has: (number: number) => boolean
  read: (number: number, wanted: Wanted, room: Room) => Piece | null
}>

function withGaps(whole: Omit<OpenBlock, 'has'> & Readonly<{ gaps: Gaps }>): OpenBlock {
  const { shelved, block, gaps } = whole
  const read: OpenBlock['read'] = (number, wanted, room) => {
    const spans = gaps.get(number)
    if (spans === undefined) return whole.read(number, wanted, room)
    if (covers(spans, shelved)) return null
    const piece = whole.read(number, wanted, room)
    return piece === null ? null : cutOut(piece, spans, room)
  }
  const has = (number: number): boolean =>
    block.has(number) && (!gaps.has(number) || read(number, { ...shelved, onlyTimes: true }, fresh) !== null)
  return { ...whole, read, has }
}

export type Sought = Readonly<{
  series: readonly Readonly<{ number: number; labels: Labels }>[]
  blocks: readonly OpenBlock[]
  layers: readonly Arrivals[]
  span: Wanted
}>

const arenaFloats = 8192

/** Where series lie in a file. */
type Lying = Readonly<{ size: number; placeOf: (number: number) => number }>

/**
 * The numbers of series as these lie in files: whoever reads them in this order unpacks each part once. The largest file
 * stands for all, which have the same order.
 */
export function asTheyLie(numbers: readonly number[], files: readonly Lying[]): readonly number[] {
  if (files.length === 0) return numbers
  const file = files.reduce((most, one) => (one.size > most.size ? one : most))
  const keys = Float64Array.from(numbers, (number) => (file.placeOf(number) + 1) * numbersLimit + number)
  return Array.from(keys.sort(), (key) => key % numbersLimit)
}

/** A place and a number are one double together. */
const numbersLimit = 2 ** 31

/** Reads series one after the other. Those that were sampled together share their times. */
export function read(sought: Sought): Iterable<Run> {
  // Who is never asked for the first, or never told that it is over, is counted as a reader for good. It only costs memory.
  for (const layer of sought.layers) layer.readers += 1
  return readAll(sought)
}

function* readAll(sought: Sought): Iterable<Run> {
  const arena = new Arena(arenaFloats)
  const alike = new AlikeReader(sought)
  let last = new Float64Array(0)
  try {
    for (const { number, labels } of sought.series) {
      arena.clear()
      const quick = alike.read(number, arena.room)
      const { times, values, stale } = quick ?? readOne(number, sought, arena.room)
      if (times.length === 0) continue
      if (quick === null && !isSame(times, last)) last = times.slice()
      yield { labels, times: quick?.times ?? last, values, stale }
    }
  } finally {
    for (const layer of sought.layers) layer.readers -= 1
  }
}

/** All samples of a series that are sought. */
export function readOne(number: number, { blocks, layers, span }: Sought, room: Room): Piece {
  const pieces: Piece[] = []
  for (const block of blocks) {
    const piece = block.read(number, span, room)
    if (piece !== null) pieces.push(piece)
  }
  for (const layer of layers) {
    const piece = layer.read(number, span, room)
    if (piece !== null) pieces.push(piece)
  }
  return gather(pieces, room)
}

/** The series that may have samples of these times: nothing is unpacked to be sure. */
export function having({ series, blocks, layers, span }: Sought): readonly Labels[] {
  const near = layers.filter((layer) => layer.windows().some((fromMs) => meets(windowOf(fromMs), span)))
  const has = (number: number): boolean =>
    blocks.some((block) => block.has(number)) || near.some((layer) => layer.has(number))
  return series.filter(({ number }) => has(number)).map(({ labels }) => labels)
}

function meets(a: Span, b: Span): boolean {
  return a.fromMs <= b.toMs && a.toMs >= b.fromMs
}
