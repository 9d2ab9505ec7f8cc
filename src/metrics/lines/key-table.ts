/** Where in some bytes a key stands: two pieces and a letter. Filled anew for each line, so that no line costs an object. */
export type Key = {
  from: number
  to: number
  kind: number
  tagsFrom: number
  tagsTo: number
}

const smallest = 256
const nothing = -1

/**
 * From bytes to numbers, without a text between: who sends a name sends it again and again. Open addressing; the bytes
 * of all keys lie in one buffer.
 */
export class KeyTable {
  #mask = smallest * 2 - 1
  #places = new Int32Array(smallest * 2).fill(nothing)
  #hashes = new Int32Array(smallest)
  #values = new Int32Array(smallest)
  /** Of each key where its bytes begin, and how many are of its first piece; it ends where the next begins. */
  #begins = new Int32Array(smallest + 1)
  #firsts = new Int32Array(smallest)
  #bytes = new Uint8Array(smallest * 64)
  #count = 0

  get size(): number {
    return this.#count
  }

  /** How many bytes all keys have. */
  get bytes(): number {
    return this.#begins[this.#count] ?? 0
  }

  /** The number kept for the key; -1 when there is none. */
  find(bytes: Uint8Array, key: Key): number {
    const hash = hashOf(bytes, key)
    for (let place = hash & this.#mask; ; place = (place + 1) & this.#mask) {
      const entry = this.#places[place] ?? nothing
      if (entry === nothing) return nothing
      if (this.#hashes[entry] === hash && this.#isAt(entry, bytes, key)) return this.#values[entry] ?? nothing
    }
  }

  /** Keeps a number for a key that is not there. */
  add(bytes: Uint8Array, key: Key, value: number): void {
    const begin = this.bytes
    const first = key.to - key.from
    const end = begin + first + 1 + key.tagsTo - key.tagsFrom
    if (this.#count === this.#values.length) this.#grow()
    if (end > this.#bytes.length) this.#bytes = longer(this.#bytes, new Uint8Array(end * 2))
    this.#bytes.set(bytes.subarray(key.from, key.to), begin)
    this.#bytes[begin + first] = key.kind
    this.#bytes.set(bytes.subarray(key.tagsFrom, key.tagsTo), begin + first + 1)
    this.#append(hashOf(bytes, key), value, { first, end })
  }

  /** Forgets all keys but those of these numbers. */
  keep(isKept: (value: number) => boolean): void {
    const old = { bytes: this.#bytes, begins: this.#begins, firsts: this.#firsts }
    const [hashes, values, count] = [this.#hashes, this.#values, this.#count]
    this.#begins = new Int32Array(old.begins.length)
    this.#firsts = new Int32Array(old.firsts.length)
    this.#bytes = new Uint8Array(old.bytes.length)
    this.#hashes = new Int32Array(hashes.length)
    this.#values = new Int32Array(values.length)
    this.#places.fill(nothing)
    this.#count = 0
    for (let entry = 0; entry < count; entry += 1) {
      const value = values[entry] ?? nothing
      if (!isKept(value)) continue
      const piece = old.bytes.subarray(old.begins[entry], old.begins[entry + 1])
      const begin = this.bytes
      this.#bytes.set(piece, begin)
      this.#append(hashes[entry] ?? 0, value, { first: old.firsts[entry] ?? 0, end: begin + piece.length })
    }
  }

  #append(hash: number, value: number, { first, end }: Readonly<{ first: number; end: number }>): void {
    const entry = this.#count
    this.#hashes[entry] = hash
    this.#values[entry] = value
    this.#firsts[entry] = first
    this.#begins[entry + 1] = end
    this.#count += 1
    this.#put(entry)
  }

  #put(entry: number): void {
    let place = (this.#hashes[entry] ?? 0) & this.#mask
    while (this.#places[place] !== nothing) place = (place + 1) & this.#mask
    this.#places[place] = entry
  }

  #grow(): void {
    const room = this.#values.length * 2
    this.#hashes = longer(this.#hashes, new Int32Array(room))
    this.#values = longer(this.#values, new Int32Array(room))
    this.#firsts = longer(this.#firsts, new Int32Array(room))
    this.#begins = longer(this.#begins, new Int32Array(room + 1))
    this.#places = new Int32Array(room * 2).fill(nothing)
    this.#mask = room * 2 - 1
    for (let entry = 0; entry < this.#count; entry += 1) this.#put(entry)
  }

  #isAt(entry: number, bytes: Uint8Array, key: Key): boolean {
    const begin = this.#begins[entry] ?? 0
    const first = key.to - key.from
    const second = key.tagsTo - key.tagsFrom
    if (this.#firsts[entry] !== first || this.#begins[entry + 1] !== begin + first + 1 + second) return false
    const mine = this.#bytes
    for (let at = 0; at < first; at += 1) if (mine[begin + at] !== bytes[key.from + at]) return false
    if (mine[begin + first] !== key.kind) return false
    const tags = begin + first + 1
    for (let at = 0; at < second; at += 1) if (mine[tags + at] !== bytes[key.tagsFrom + at]) return false
    return true
  }
}

/** FNV-1a over both pieces, stirred once more, because the table looks at the lowest bits. */
function hashOf(bytes: Uint8Array, key: Key): number {
  let hash = 0x811c9dc5 ^ key.kind
  for (let at = key.from; at < key.to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  for (let at = key.tagsFrom; at < key.tagsTo; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
}

function longer<T extends Int32Array | Uint8Array>(old: T, next: T): T {
  next.set(old)
  return next
}
