const isActive = 1
const isNamed = 2
const isReady = isActive | isNamed

/** What is known of series by their numbers, in arrays, as it is asked for every sample. */
export class Roll {
  /** The time of the newest sample; nothing that is not newer is simply added. */
  newest = new Float64Array(1024).fill(-Infinity)
  #marks = new Uint8Array(1024)
  #active = 0

  /** How many series got a sample lately. */
  get active(): number {
    return this.#active
  }

  /** Active, and named in the log. */
  isReady(number: number): boolean {
    return this.#marks[number] === isReady
  }

  isActive(number: number): boolean {
    return ((this.#marks[number] ?? 0) & isActive) !== 0
  }

  begin(number: number, newestMs: number): void {
    if (number >= this.#marks.length) this.#grow(number + 1)
    this.newest[number] = Math.max(newestMs, this.newest[number] ?? -Infinity)
    if (this.isActive(number)) return
    this.#mark(number, isActive)
    this.#active += 1
  }

  end(number: number): void {
    this.#marks[number] = (this.#marks[number] ?? 0) & ~isActive
    this.#active -= 1
  }

  name(number: number): void {
    this.#mark(number, isNamed)
  }

  unname(number: number): void {
    this.#marks[number] = (this.#marks[number] ?? 0) & ~isNamed
  }

  /** Another log has begun. */
  unnameAll(): void {
    for (const number of this.#marks.keys()) this.unname(number)
  }

  /** The active series whose newest sample is older. */
  *silentSince(ms: number): Iterable<number> {
    for (const [number, mark] of this.#marks.entries())
      if ((mark & isActive) !== 0 && (this.newest[number] ?? 0) < ms) yield number
  }

  *actives(): Iterable<number> {
    for (const [number, mark] of this.#marks.entries()) if ((mark & isActive) !== 0) yield number
  }

  #mark(number: number, mark: number): void {
    this.#marks[number] = (this.#marks[number] ?? 0) | mark
  }

  #grow(length: number): void {
    const larger = Math.max(length, Math.ceil(1.5 * this.#marks.length))
    const newest = new Float64Array(larger).fill(-Infinity)
    newest.set(this.newest)
    this.newest = newest
    const marks = new Uint8Array(larger)
    marks.set(this.#marks)
    this.#marks = marks
  }
}
