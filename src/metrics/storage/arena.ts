/** Where numbers are put: room for so many. */
export type Room = (length: number) => Float64Array<ArrayBuffer>

/** Room of its own for each that asks. */
export const fresh: Room = (length) => new Float64Array(length)

/** Room that is used again and again: what was put there is good until it is cleared. */
export class Arena {
  #floats: Float64Array<ArrayBuffer>
  #used = 0

  constructor(length: number) {
    this.#floats = new Float64Array(length)
  }

  readonly room: Room = (length) => {
    if (this.#used + length > this.#floats.length) {
      this.#floats = new Float64Array(Math.max(length, 2 * this.#floats.length))
      this.#used = 0
    }
    this.#used += length
    return this.#floats.subarray(this.#used - length, this.#used)
  }

  clear(): void {
    this.#used = 0
  }
}
