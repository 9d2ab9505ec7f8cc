import { type Labels, metricName, valueOf } from '../labels.ts'

export type Limits = Readonly<{
  /** Series that get samples at the same time. Newcomers beyond it are refused, by name; who is there stays. */
  seriesLimit: number
  seriesOfNameLimit: number
}>

/** How many series there are of which name, and who finds no room any more. */
export class Budget {
  readonly #limits: Limits
  readonly #names = new Map<string, number>()
  #series = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  hasRoomFor(labels: Labels): boolean {
    const { seriesLimit, seriesOfNameLimit } = this.#limits
    return (
      this.#series < seriesLimit && (this.#names.get(valueOf(labels, metricName)) ?? 0) < seriesOfNameLimit
    )
  }

  add(labels: Labels): void {
    this.#count(labels, 1)
  }

  remove(labels: Labels): void {
    this.#count(labels, -1)
  }

  #count(labels: Labels, more: number): void {
    const name = valueOf(labels, metricName)
    const count = (this.#names.get(name) ?? 0) + more
    if (count === 0) this.#names.delete(name)
    else this.#names.set(name, count)
    this.#series += more
  }
}
