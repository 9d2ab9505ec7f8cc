/** Where series are, by their numbers. An array where numbers lie close together, as there may be many blocks that are open. */
export class Places {
  readonly #dense: Int32Array | null
  readonly #sparse: ReadonlyMap<number, number>
  readonly #numbers: Int32Array

  /** `numbers` are those of the series, in the order of their places. */
  constructor(numbers: Int32Array) {
    this.#numbers = numbers
    const end = numbers.reduce((most, number) => Math.max(most, number + 1), 0)
    const isDense = end <= mostHoles * numbers.length
    this.#dense = isDense ? new Int32Array(end).fill(-1) : null
    this.#sparse = isDense ? new Map() : new Map(Array.from(numbers, (number, at) => [number, at]))
    if (this.#dense !== null)
      for (let at = 0; at < numbers.length; at += 1) this.#dense[numbers[at] ?? 0] = at
  }

  numbers(): Iterable<number> {
    return this.#numbers
  }

  /** -1 for one that is not there. */
  of(number: number): number {
    return (this.#dense === null ? this.#sparse.get(number) : this.#dense[number]) ?? -1
  }
}

const mostHoles = 16
