import { keyOf } from '../../labels.ts'
import type { SeriesTable } from './series-table.ts'

/** The numbers of series sorted by their labels, as neighbours that are alike make blocks small. Sorted when one came. */
export class Order {
  readonly #table: SeriesTable
  #sorted: readonly number[] = []
  #known = -1

  constructor(table: SeriesTable) {
    this.#table = table
  }

  numbers(): readonly number[] {
    if (this.#known === this.#table.changes) return this.#sorted
    const keyed = [...this.#table.all()].map(([number, labels]) => ({
      number,
      key: keyOf(labels),
    }))
    this.#sorted = keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ number }) => number)
    this.#known = this.#table.changes
    return this.#sorted
  }
}
