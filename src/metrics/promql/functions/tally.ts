import type { Summaries } from '../../summaries.ts'
import { add, settled, type Sum } from './kahan.ts'

/** What of a window somebody wants to know; counts, and the first and the last sample, are known always. */
export type Need = 'counts' | 'sums' | 'extremes' | 'growth'

/** What is known of the samples in a window. One tally is used for all steps, so that nothing is allocated on the way. */
export class Tally {
  readonly #need: Need
  count = 0
  least = NaN
  greatest = NaN
  firstMs = 0
  first = 0
  lastMs = 0
  last = 0
  /** How often a counter began again, and the sizes of what it had come to before, summed up. */
  falls = 0
  lost = 0
  /** What the sum would be if all values had one sign and the size of the largest: a sum far below it has lost digits. */
  reach = 0
  readonly #sum: Sum = { sum: 0, lost: 0 }
  /** What a counter came to before the last time it began again, less what it was at first. */
  readonly #grown: Sum = { sum: 0, lost: 0 }

  constructor(need: Need) {
    this.#need = need
  }

  get sum(): number {
    return settled(this.#sum)
  }

  /** How much a counter grew. */
  get growth(): number {
    return this.last + settled(this.#grown)
  }

  clear(): void {
    this.count = 0
    this.least = NaN
    this.greatest = NaN
    this.falls = 0
    this.lost = 0
    this.reach = 0
    this.#sum.sum = 0
    this.#sum.lost = 0
    this.#grown.sum = 0
    this.#grown.lost = 0
  }

  /** Adds the samples of places that follow each other and are newer than all that was added. */
  addAll(columns: Summaries, from: number, to: number): void {
    if (from >= to) return
    if (this.#need === 'growth') this.#growBy(columns, from, to)
    else if (this.count === 0) this.#begin(columns.firstTimes[from] ?? 0, columns.firsts[from] ?? 0)
    if (this.#need === 'sums') this.#sumUp(columns, from, to)
    else if (this.#need === 'extremes') this.#widen(columns, from, to)
    for (let at = from; at < to; at += 1) this.count += columns.counts[at] ?? 0
    this.lastMs = columns.lastTimes[to - 1] ?? 0
    this.last = columns.lasts[to - 1] ?? 0
  }

  addSample(ms: number, value: number): void {
    if (this.count === 0) this.#begin(ms, value)
    else if (value < this.last) this.#fall(1, this.last)
    this.count += 1
    this.reach += Math.abs(value)
    add(this.#sum, value)
    if (value < this.least || Number.isNaN(this.least)) this.least = value
    if (value > this.greatest || Number.isNaN(this.greatest)) this.greatest = value
    this.lastMs = ms
    this.last = value
  }

  #sumUp({ sums, least, greatest, counts }: Summaries, from: number, to: number): void {
    let { sum, lost } = this.#sum
    let { reach } = this
    for (let at = from; at < to; at += 1) {
      const value = sums[at] ?? 0
      const next = sum + value
      lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
      sum = next
      reach += (counts[at] ?? 0) * Math.max(Math.abs(least[at] ?? 0), Math.abs(greatest[at] ?? 0))
    }
    this.#sum.sum = sum
    this.#sum.lost = lost
    this.reach = reach
  }

  #widen(columns: Summaries, from: number, to: number): void {
    let { least, greatest } = this
    for (let at = from; at < to; at += 1) {
      const low = columns.least[at] ?? 0
      const high = columns.greatest[at] ?? 0
      if (low < least || Number.isNaN(least)) least = low
      if (high > greatest || Number.isNaN(greatest)) greatest = high
    }
    this.least = least
    this.greatest = greatest
  }

  #growBy({ firstTimes, firsts, lasts, falls, lost }: Summaries, from: number, to: number): void {
    let before = this.last
    if (this.count === 0) {
      this.#begin(firstTimes[from] ?? 0, firsts[from] ?? 0)
      before = this.first
    }
    for (let at = from; at < to; at += 1) {
      if ((firsts[at] ?? 0) < before) this.#fall(1, before)
      if ((falls[at] ?? 0) > 0) this.#fall(falls[at] ?? 0, lost[at] ?? 0)
      before = lasts[at] ?? 0
    }
  }

  #begin(ms: number, value: number): void {
    this.firstMs = ms
    this.first = value
    add(this.#grown, -value)
  }

  #fall(falls: number, lost: number): void {
    this.falls += falls
    this.lost += Math.abs(lost)
    add(this.#grown, lost)
  }
}
