/** Parts that were unpacked, the longest unasked forgotten first. Shared by all blocks, so that there is one limit. */
export class PartCache {
  readonly #parts = new Map<string, Buffer>()
  readonly #limitBytes: number
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  take(key: string, unpack: () => Buffer): Buffer {
    const known = this.#parts.get(key)
    if (known !== undefined) {
      this.#parts.delete(key)
      this.#parts.set(key, known)
      return known
    }
    const part = unpack()
    this.#parts.set(key, part)
    this.#bytes += part.length
    for (const [oldest, bytes] of this.#parts) {
      if (this.#bytes <= this.#limitBytes || oldest === key) break
      this.#parts.delete(oldest)
      this.#bytes -= bytes.length
    }
    return part
  }
}
