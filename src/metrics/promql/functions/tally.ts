import type { Summaries } from '../../summaries.ts'
import { add, type Sum, total } from './kahan.ts'

/** What is known of the samples in a window. One tally is used for all steps, so that nothing is allocated on the way. */
export class Tally {
  count = 0
  least = NaN
  greatest = NaN
  firstMs = 0
  first = 0
  lastMs = 0
  last = 0
  /** How often a counter began again, and the sum of what it had come to before. */
  falls = 0
  lost = 0
  /** What the sum would be if all values had one sign and the size of the largest: a sum far below it has lost digits. */
  reach = 0
  readonly #sum: Sum = { sum: 0, lost: 0 }

  get sum(): number {
    return Math.abs(this.#sum.sum) === Infinity ? this.#sum.sum : total(this.#sum)
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
  }

  /** Adds the samples of a summary, which are newer than all that was added. */
  add(columns: Summaries, at: number): void {
    const [least, greatest, count] = [
      columns.least[at] ?? 0,
      columns.greatest[at] ?? 0,
      columns.counts[at] ?? 0,
    ]
    this.#begin(columns.firstTimes[at] ?? 0, columns.firsts[at] ?? 0)
    this.falls += columns.falls[at] ?? 0
    this.lost += columns.lost[at] ?? 0
    this.count += count
    this.reach += count * Math.max(Math.abs(least), Math.abs(greatest))
    add(this.#sum, columns.sums[at] ?? 0)
    if (least < this.least || Number.isNaN(this.least)) this.least = least
    if (greatest > this.greatest || Number.isNaN(this.greatest)) this.greatest = greatest
    this.lastMs = columns.lastTimes[at] ?? 0
    this.last = columns.lasts[at] ?? 0
  }

  addSample(ms: number, value: number): void {
    this.#begin(ms, value)
    this.count += 1
    this.reach += Math.abs(value)
    add(this.#sum, value)
    if (value < this.least || Number.isNaN(this.least)) this.least = value
    if (value > this.greatest || Number.isNaN(this.greatest)) this.greatest = value
    this.lastMs = ms
    this.last = value
  }

  #begin(ms: number, value: number): void {
    if (this.count === 0) {
      this.firstMs = ms
      this.first = value
    } else if (value < this.last) {
      this.falls += 1
      this.lost += this.last
    }
  }
}
