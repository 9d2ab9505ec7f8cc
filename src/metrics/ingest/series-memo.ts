const firstSlots = 1024
const firstBytes = 64 * 1024
const mostBytes = 32 * 2 ** 20
const none = -1

/**
 * What was named by which bytes before: senders repeat themselves, so that labels need to be read only once. Keys mostly
 * come in the order of the time before, so the one that followed then is tried first, and hashed only when it is another.
 */
export class SeriesMemo {
  /** Where nobody from outside can tell which keys meet. */
  readonly #seed = Math.floor(Math.random() * 2 ** 31)
  #slots = new Int32Array(firstSlots).fill(none)
  #arena = new Uint8Array(firstBytes)
  #arenaView = viewOf(this.#arena)
  #arenaBytes = 0
  // Of each place: where its key is, how long, its hash, what it stands for, and which place came after it.
  #starts: number[] = []
  #lengths: number[] = []
  #hashes: number[] = []
  #meanings: number[] = []
  #nexts: number[] = []
  #bytes: Uint8Array = nothing
  #view = viewOf(this.#bytes)
  /** The place that was met last; -1 at the beginning of a body. */
  #last = none
  #first = none

  get size(): number {
    return this.#starts.length
  }

  /** Turns to another body; keys are named by their places in it. */
  begin(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#view = viewOf(bytes)
    this.#last = none
  }

  /** Lets go of the body. */
  end(): void {
    this.begin(nothing)
  }

  /** The place of the key that followed the last one before, when it is what stands here again; otherwise -1. */
  expected(from: number, end: number): number {
    const place = this.#last === none ? this.#first : (this.#nexts[this.#last] ?? none)
    if (place === none) return none
    const length = this.#lengths[place] ?? 0
    if (from + length > end || !this.#isAt(place, from, length)) return none
    return place
  }

  /** The place of these bytes; -1 when nobody has put them here. */
  find(from: number, to: number): number {
    const hash = this.#hash(from, to)
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const place = this.#slots[slot] ?? none
      if (place === none) return none
      const isSame = this.#hashes[place] === hash && this.#lengths[place] === to - from
      if (isSame && this.#isAt(place, from, to - from)) return place
    }
  }

  /** Keeps what these bytes stand for, and gives back their place. They are not here yet. */
  put(from: number, to: number, meaning: number): number {
    if (this.#arenaBytes + to - from > mostBytes) this.clear()
    if (2 * this.size >= this.#slots.length) this.#spread()
    const place = this.size
    const hash = this.#hash(from, to)
    this.#starts.push(this.#keep(from, to))
    this.#lengths.push(to - from)
    this.#hashes.push(hash)
    this.#meanings.push(meaning)
    this.#nexts.push(none)
    this.#settle(place, hash)
    return place
  }

  /** Says that this place is the one that came now: it is expected here the next time. */
  met(place: number): void {
    if (this.#last === none) this.#first = place
    else this.#nexts[this.#last] = place
    this.#last = place
  }

  lengthOf(place: number): number {
    return this.#lengths[place] ?? 0
  }

  meaningOf(place: number): number {
    return this.#meanings[place] ?? none
  }

  /** Forgets all. */
  clear(): void {
    this.#slots = new Int32Array(firstSlots).fill(none)
    this.#arenaBytes = 0
    for (const list of [this.#starts, this.#lengths, this.#hashes, this.#meanings, this.#nexts])
      list.length = 0
    this.#last = none
    this.#first = none
  }

  #isAt(place: number, from: number, length: number): boolean {
    const [mine, other] = [this.#arenaView, this.#view]
    const start = this.#starts[place] ?? 0
    let at = 0
    for (; at + 4 <= length; at += 4)
      if (mine.getInt32(start + at, true) !== other.getInt32(from + at, true)) return false
    for (; at < length; at += 1) if (this.#arena[start + at] !== this.#bytes[from + at]) return false
    return true
  }

  #hash(from: number, to: number): number {
    const view = this.#view
    let hash = this.#seed ^ (to - from)
    let at = from
    for (; at + 4 <= to; at += 4) hash = mixed(hash ^ view.getInt32(at, true))
    for (; at < to; at += 1) hash = mixed(hash ^ (this.#bytes[at] ?? 0))
    return hash
  }

  #keep(from: number, to: number): number {
    const start = this.#arenaBytes
    const needed = start + to - from
    if (needed > this.#arena.length) {
      const grown = new Uint8Array(Math.max(2 * this.#arena.length, needed))
      grown.set(this.#arena.subarray(0, start))
      this.#arena = grown
      this.#arenaView = viewOf(grown)
    }
    this.#arena.set(this.#bytes.subarray(from, to), start)
    this.#arenaBytes = needed
    return start
  }

  #settle(place: number, hash: number): void {
    const mask = this.#slots.length - 1
    let slot = hash & mask
    while (this.#slots[slot] !== none) slot = (slot + 1) & mask
    this.#slots[slot] = place
  }

  #spread(): void {
    this.#slots = new Int32Array(2 * this.#slots.length).fill(none)
    for (const [place, hash] of this.#hashes.entries()) this.#settle(place, hash)
  }
}

const nothing = new Uint8Array(0)

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function mixed(hash: number): number {
  const product = Math.imul(hash, 0x9e3779b1)
  return product ^ (product >>> 15)
}
