/** The parts of one block that are unpacked at the moment, by their numbers. */
export type Unpacked = (Uint8Array | undefined)[]

type Kept = Readonly<{ of: Unpacked; number: number; bytes: number }>

/**
 * Parts that were unpacked, of all blocks together, so that there is one limit. Which of them goes when there is no room is
 * left to chance: who reads more than there is room for, again and again, would never find what was forgotten for being the
 * oldest, and finds a good deal of it this way.
 */
export class PartCache {
  readonly #kept: Kept[] = []
  readonly #limitBytes: number
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  keep(of: Unpacked, number: number, part: Uint8Array): void {
    const bytes = part.byteLength
    while (this.#kept.length > 0 && this.#bytes + bytes > this.#limitBytes) this.#forgetOne()
    of[number] = part
    this.#kept.push({ of, number, bytes })
    this.#bytes += bytes
  }

  #forgetOne(): void {
    const at = Math.floor(Math.random() * this.#kept.length)
    const last = this.#kept.pop()
    const gone = this.#kept[at] ?? last
    if (last === undefined || gone === undefined) return
    if (gone !== last) this.#kept[at] = last
    gone.of[gone.number] = undefined
    this.#bytes -= gone.bytes
  }
}
