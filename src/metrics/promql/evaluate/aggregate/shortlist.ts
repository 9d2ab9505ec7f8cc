/**
 * The best of what it is offered, as a heap with the worst in front. Which of several equal values stay is decided by the
 * moves of the heap; they are those of Prometheus, so that both show the same series.
 */
export class Shortlist {
  readonly #limit: number
  readonly #isTop: boolean
  readonly #places: number[] = []
  readonly #values: number[] = []

  constructor(limit: number, isTop: boolean) {
    this.#limit = limit
    this.#isTop = isTop
  }

  get places(): readonly number[] {
    return this.#places
  }

  offer(place: number, value: number): void {
    const count = this.#places.length
    if (count < this.#limit) {
      this.#places.push(place)
      this.#values.push(value)
      this.#rise(count)
    } else if (count > 0 && this.#beats(value, this.#values[0] ?? 0)) {
      this.#dropWorst()
      this.#places.push(place)
      this.#values.push(value)
      this.#rise(count - 1)
    }
  }

  #dropWorst(): void {
    this.#swap(0, this.#places.length - 1)
    this.#places.pop()
    this.#values.pop()
    this.#sink()
  }

  #beats(value: number, worst: number): boolean {
    return Number.isNaN(worst) || (this.#isTop ? value > worst : value < worst)
  }

  /** Whether the one is worse than the other; NaN is worse than everything, another NaN included. */
  #isWorse(at: number, than: number): boolean {
    const value = this.#values[at] ?? 0
    const other = this.#values[than] ?? 0
    if (Number.isNaN(value)) return true
    return this.#isTop ? value < other : value > other
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1
      if (!this.#isWorse(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #sink(): void {
    const count = this.#places.length
    for (let at = 0; 2 * at + 1 < count;) {
      const left = 2 * at + 1
      const child = left + 1 < count && this.#isWorse(left + 1, left) ? left + 1 : left
      if (!this.#isWorse(child, at)) return
      this.#swap(at, child)
      at = child
    }
  }

  #swap(a: number, b: number): void {
    const place = this.#places[a] ?? 0
    this.#places[a] = this.#places[b] ?? 0
    this.#places[b] = place
    const value = this.#values[a] ?? 0
    this.#values[a] = this.#values[b] ?? 0
    this.#values[b] = value
  }
}
