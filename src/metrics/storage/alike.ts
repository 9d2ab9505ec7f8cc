import type { Room } from './arena.ts'
import { BrokenBlock } from './block/series-file.ts'
import { firstNotBefore, type Piece } from './cut.ts'
import { gather, noPiece } from './join.ts'
import type { OpenBlock, Sought } from './reading.ts'

/** What a block has of the samples: `length` of the `count` in its column, from `from` on, which go to the place `at`. */
type Share = Readonly<{ nth: number; count: number; from: number; length: number; at: number }>

/** Where the samples of a series lie: its columns of times by block, -1 where it has none, and what they come to. */
type Layout = Readonly<{ columns: Int32Array; times: Float64Array; shares: readonly Share[] }>

/** Times of a layout with those behind it that are still in memory. */
type Joined = Readonly<{ layout: Layout; times: Float64Array }>

/**
 * Reads series that lie alike one after the other: in the same columns of times, which follow each other, as those do that
 * were sampled together. Their times are then joined once for all of them, and values are unpacked to where they belong.
 */
export class AlikeReader {
  readonly #sought: Sought
  /** Of the series that is being read, by block. */
  readonly #places: Int32Array
  readonly #columns: Int32Array
  /** Blocks of which something was deleted. */
  readonly #torn: readonly OpenBlock[]
  #layout: Layout | null = null
  #joined: Joined | null = null

  constructor(sought: Sought) {
    this.#sought = sought
    this.#places = new Int32Array(sought.blocks.length)
    this.#columns = new Int32Array(sought.blocks.length)
    this.#torn = sought.blocks.filter(({ gaps }) => gaps !== null)
  }

  /**
   * The samples of a series; their times are the very array of the series before it where these are the same. Null where it
   * is not that simple, as some of it was deleted, or a block cannot be read.
   */
  read(number: number, room: Room): Piece | null {
    if (this.#torn.some(({ gaps }) => gaps?.has(number) === true)) return null
    try {
      if (!this.#find(number)) this.#layout = layoutOf(this.#columns.slice(), this.#sought)
      const layout = this.#layout
      return layout === null ? null : this.#fill(layout, this.#inMemory(number, room), room)
    } catch (thrown) {
      if (thrown instanceof BrokenBlock) return null
      throw thrown
    }
  }

  /** Finds where a series lies; whether that is as the one before it. */
  #find(number: number): boolean {
    const { blocks } = this.#sought
    const known = this.#layout?.columns
    let isKnown = known !== undefined
    for (let nth = 0; nth < blocks.length; nth += 1) {
      const block = blocks[nth]?.block
      const place = block?.placeOf(number) ?? -1
      const column = place < 0 ? -1 : (block?.index.series.columnOf(place) ?? -1)
      this.#places[nth] = place
      this.#columns[nth] = column
      if (known?.[nth] !== column) isKnown = false
    }
    return isKnown
  }

  #inMemory(number: number, room: Room): Piece {
    const { layers, span } = this.#sought
    const pieces: Piece[] = []
    for (const layer of layers) {
      const piece = layer.read(number, span, room)
      if (piece !== null) pieces.push(piece)
    }
    return pieces.length === 0 ? noPiece : gather(pieces, room)
  }

  #fill(layout: Layout, rest: Piece, room: Room): Piece | null {
    const first = layout.times.length
    if (rest.times.length > 0 && first > 0 && (layout.times[first - 1] ?? 0) >= (rest.times[0] ?? 0))
      return null
    const times = this.#timesWith(layout, rest.times)
    const stale = this.#staleWith(layout, rest.stale)
    if (this.#sought.span.onlyTimes === true) return { times, values: times, stale }
    const values = room(times.length)
    for (const share of layout.shares) this.#unpack(share, values, room)
    values.set(rest.values, first)
    return { times, values, stale }
  }

  #timesWith(layout: Layout, rest: Float64Array): Float64Array {
    if (rest.length === 0) return layout.times
    const joined = this.#joined
    if (joined?.layout === layout && isEnd(joined.times, layout.times.length, rest)) return joined.times
    const times = new Float64Array(layout.times.length + rest.length)
    times.set(layout.times)
    times.set(rest, layout.times.length)
    this.#joined = { layout, times }
    return times
  }

  #staleWith({ shares, times }: Layout, rest: Int32Array | null): Int32Array | null {
    const stale: number[] = []
    for (const { nth, from, length, at } of shares)
      for (const place of this.#block(nth).index.series.staleOf(this.#places[nth] ?? 0) ?? [])
        if (place >= from && place < from + length) stale.push(at + place - from)
    for (const place of rest ?? []) stale.push(times.length + place)
    return stale.length === 0 ? null : Int32Array.from(stale)
  }

  #unpack({ nth, count, from, length, at }: Share, values: Float64Array, room: Room): void {
    const block = this.#block(nth)
    const place = this.#places[nth] ?? 0
    if (length === count) return block.unpack(place, values, at)
    const all = room(count)
    block.unpack(place, all, 0)
    values.set(all.subarray(from, from + length), at)
  }

  #block(nth: number): OpenBlock['block'] {
    const open = this.#sought.blocks[nth]
    if (open === undefined) throw new Error('a layout names a block that is not asked')
    return open.block
  }
}

/** Null when the columns do not follow each other in time. */
function layoutOf(columns: Int32Array, { blocks, span }: Sought): Layout | null {
  const parts = blocks.flatMap(({ block }, nth) => {
    const column = columns[nth] ?? -1
    const times = column < 0 ? noPiece.times : block.timesOf(column)
    const from = firstNotBefore(times, span.fromMs)
    const to = firstNotBefore(times, span.toMs + 1)
    return from < to ? [{ nth, count: times.length, from, times: times.subarray(from, to) }] : []
  })
  parts.sort((a, b) => (a.times[0] ?? 0) - (b.times[0] ?? 0))
  const joined = new Float64Array(parts.reduce((sum, { times }) => sum + times.length, 0))
  let at = 0
  const shares: Share[] = []
  for (const { nth, count, from, times } of parts) {
    if (at > 0 && (joined[at - 1] ?? 0) >= (times[0] ?? 0)) return null
    joined.set(times, at)
    shares.push({ nth, count, from, length: times.length, at })
    at += times.length
  }
  return { columns, times: joined, shares }
}

/** Whether `rest` is what `times` has from a place on. */
function isEnd(times: Float64Array, from: number, rest: Float64Array): boolean {
  if (times.length !== from + rest.length) return false
  for (let at = 0; at < rest.length; at += 1) if (times[from + at] !== rest[at]) return false
  return true
}
