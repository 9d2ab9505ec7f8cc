/** Counts all files that are written, of whatever kind, so that it can be said of each whether it was there at some time. */
export class Count {
  #newest: number

  constructor(newest: number) {
    this.#newest = newest
  }

  /** That of the newest file that was begun. */
  get newest(): number {
    return this.#newest
  }

  /** There is one that has this count. */
  heed(nth: number): void {
    this.#newest = Math.max(this.#newest, nth)
  }

  next(): number {
    this.#newest += 1
    return this.#newest
  }
}
