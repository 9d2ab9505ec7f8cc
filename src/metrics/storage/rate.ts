/** How many a second, over the last minute or so. */
export class Rate {
  #count = 0
  #lastMs: number | null = null
  #perSecond = 0

  add(count: number): void {
    this.#count += count
  }

  /** Looks at the clock. A time that is too short, or backwards, says nothing. */
  tell(nowMs: number): number {
    const passedMs = this.#lastMs === null ? -1 : nowMs - this.#lastMs
    if (passedMs >= 0 && passedMs < shortestMs) return this.#perSecond
    if (passedMs > 0) this.#perSecond = (this.#count * 1000) / passedMs
    this.#lastMs = nowMs
    this.#count = 0
    return this.#perSecond
  }
}

const shortestMs = 10_000
