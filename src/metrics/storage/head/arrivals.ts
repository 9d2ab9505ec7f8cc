import type { Room } from '../arena.ts'
import { cutPiece, firstNotBefore, type Piece } from '../cut.ts'
import { type Span, windowOf } from '../window.ts'
import { inOrder } from './in-order.ts'

/** Samples lie in pages, each of one series: so memory grows in small steps, and nothing is made for a series. */
const pageBits = 4
const pageSamples = 1 << pageBits
/** Pages lie in slabs of this many samples. */
const slabBits = 16
const slabSamples = 1 << slabBits

export type Slab = Readonly<{ times: Float64Array; values: Float64Array }>

const newSlab = (): Slab => ({ times: new Float64Array(slabSamples), values: new Float64Array(slabSamples) })

const always: Span = { fromMs: -Infinity, toMs: Infinity }

/** Where samples are copied to, and which of them end their series. */
type Copying = Readonly<{ room: Room; ends: ReadonlySet<number> | undefined }>

/**
 * Samples in memory, as they came, until they are written into blocks. A series' samples are a chain of pages, newest
 * first; `place` counts samples over all slabs.
 */
export class Arrivals {
  readonly #slabs: Slab[] = []
  /** Slabs of others who do not need them any more. */
  readonly #spare: Slab[]
  /** How many are reading what is here, who may have been given views of it. */
  readers = 0
  /** By page: the one before it of the same series; -1 where there is none. */
  #before = new Int32Array(1024)
  #pages = 0
  /** By the number of a series: the place behind its newest sample; 0 where it has none. */
  #next = new Int32Array(1024)
  /** The samples of series that got some late, by their time. */
  readonly #late = new Map<number, Map<number, number>>()
  /** The places of samples that say that a series has ended. */
  readonly #ends = new Map<number, Set<number>>()
  readonly #windows = new Set<number>()
  /** The window of the sample before: mostly that of the next as well. */
  #windowFrom = Infinity
  #windowTo = -Infinity
  count = 0

  constructor(spare: Slab[]) {
    this.#spare = spare
  }

  /** What it lies in, for others. It is not read after that. */
  slabs(): readonly Slab[] {
    return this.#slabs
  }

  /** The windows of time that have samples, rising. */
  windows(): readonly number[] {
    return [...this.#windows].toSorted((a, b) => a - b)
  }

  /** In how many pages of a series they lie. */
  get pages(): number {
    return this.#pages
  }

  /** What is held in memory. */
  get bytes(): number {
    return 2 * 8 * slabSamples * this.#slabs.length
  }

  has(number: number): boolean {
    return (this.#next[number] ?? 0) > 0
  }

  /** Adds a sample that is newer than all of its series. Where it says that the series has ended, its value means nothing. */
  push(number: number, ms: number, value: number): void {
    if (number >= this.#next.length) this.#next = grown(this.#next, number + 1)
    let place = this.#next[number] ?? 0
    if ((place & (pageSamples - 1)) === 0) place = this.#begin(place)
    const slab = place >> slabBits
    const at = place & (slabSamples - 1)
    const lies = this.#slabs[slab]
    if (lies === undefined) return
    lies.times[at] = ms
    lies.values[at] = value
    this.#next[number] = place + 1
    this.count += 1
    if (this.#late.size > 0) this.#late.get(number)?.set(ms, place)
    if (ms < this.#windowFrom || ms > this.#windowTo) this.#enter(ms)
  }

  pushEnd(number: number, ms: number): void {
    // What means nothing is what costs nothing.
    const last = this.#next[number] ?? 0
    this.push(number, ms, last === 0 ? 0 : this.#valueAt(last - 1))
    const ends = this.#ends.get(number) ?? new Set()
    this.#ends.set(number, ends.add((this.#next[number] ?? 0) - 1))
  }

  /** Adds a sample that is not newer than all of its series. */
  pushLate(number: number, ms: number, value: number | 'end'): void {
    this.#beginLate(number)
    if (value === 'end') this.pushEnd(number, ms)
    else this.push(number, ms, value)
  }

  /** The sample of a series at exactly this time, which is not newer than all. */
  at(number: number, ms: number): number | 'end' | null {
    const place = this.#placeOf(number, ms)
    if (place === null) return null
    return this.#ends.get(number)?.has(place) === true ? 'end' : this.#valueAt(place)
  }

  /** The samples of a series from one time to another, both included, in their order; null when there are none. */
  read(number: number, span: Span, room: Room): Piece | null {
    const end = this.#next[number] ?? 0
    if (end === 0) return null
    const ends = this.#ends.size === 0 ? undefined : this.#ends.get(number)
    const isLate = this.#late.size > 0 && this.#late.has(number)
    const sorted = isLate
      ? inOrder(this.#copy(end, always, { room, ends }))
      : this.#copy(end, span, { room, ends })
    const [from, to] = [
      firstNotBefore(sorted.times, span.fromMs),
      firstNotBefore(sorted.times, span.toMs + 1),
    ]
    return from < to ? cutPiece(sorted, from, to) : null
  }

  #begin(end: number): number {
    const page = this.#pages
    this.#pages += 1
    if (page === this.#before.length) this.#before = grown(this.#before, page + 1)
    this.#before[page] = (end >> pageBits) - 1
    if (page >> (slabBits - pageBits) === this.#slabs.length) this.#slabs.push(this.#spare.pop() ?? newSlab())
    return page << pageBits
  }

  #enter(ms: number): void {
    const window = windowOf(ms)
    this.#windows.add(window.fromMs)
    this.#windowFrom = window.fromMs
    this.#windowTo = window.toMs
  }

  #timeAt(place: number): number {
    return this.#slabs[place >> slabBits]?.times[place & (slabSamples - 1)] ?? 0
  }

  #valueAt(place: number): number {
    return this.#slabs[place >> slabBits]?.values[place & (slabSamples - 1)] ?? 0
  }

  #placeOf(number: number, ms: number): number | null {
    const late = this.#late.get(number)
    if (late !== undefined) return late.get(ms) ?? null
    const end = this.#next[number] ?? 0
    if (end === 0) return null
    for (const page of this.#chain(end, ms, ms))
      for (let place = page << pageBits; place < endIn(page, end); place += 1)
        if (this.#timeAt(place) === ms) return place
    return null
  }

  /** From now on the places of this series are known by their times. */
  #beginLate(number: number): void {
    if (this.#late.has(number)) return
    const places = new Map<number, number>()
    const end = this.#next[number] ?? 0
    if (end > 0)
      for (const page of this.#chain(end, -Infinity, Infinity))
        for (let place = page << pageBits; place < endIn(page, end); place += 1)
          places.set(this.#timeAt(place), place)
    this.#late.set(number, places)
  }

  /** The pages of a series that may have samples of these times, oldest first. */
  #chain(end: number, fromMs: number, toMs: number): readonly number[] {
    const pages: number[] = []
    for (let page = (end - 1) >> pageBits; page >= 0; page = this.#before[page] ?? -1) {
      if (this.#timeAt(endIn(page, end) - 1) < fromMs) break
      if (this.#timeAt(page << pageBits) <= toMs) pages.push(page)
    }
    return pages.toReversed()
  }

  /** The samples of the pages that may have some of these times. */
  #copy(end: number, { fromMs, toMs }: Span, { room, ends }: Copying): Piece {
    let length = 0
    for (let page = (end - 1) >> pageBits; page >= 0; page = this.#before[page] ?? -1) {
      if (this.#timeAt(endIn(page, end) - 1) < fromMs) break
      if (this.#timeAt(page << pageBits) <= toMs) length += endIn(page, end) - (page << pageBits)
    }
    const [times, values] = [room(length), room(length)]
    const stale: number[] = []
    // The newest page comes first, so that it is written from behind.
    for (let page = (end - 1) >> pageBits, left = length; left > 0; page = this.#before[page] ?? -1) {
      const first = page << pageBits
      if (this.#timeAt(first) > toMs) continue
      const slab = this.#slabs[first >> slabBits]
      for (let place = endIn(page, end) - 1; place >= first; place -= 1) {
        left -= 1
        times[left] = slab?.times[place & (slabSamples - 1)] ?? 0
        values[left] = slab?.values[place & (slabSamples - 1)] ?? 0
        if (ends?.has(place) === true) stale.push(left)
      }
    }
    return { times, values, stale: stale.length === 0 ? null : Int32Array.from(stale.reverse()) }
  }
}

/** The place behind the last sample of a page; `end` is that of the newest page. */
function endIn(page: number, end: number): number {
  return (end - 1) >> pageBits === page ? end : (page + 1) << pageBits
}

function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(length, Math.ceil(1.5 * array.length)))
  larger.set(array)
  return larger
}
