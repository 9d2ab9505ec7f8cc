/** Bytes that are written one after the other. Numbers of any size below 2^53 are varints: seven bits a byte, low ones first. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView
  length = 0

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** What was written. A view, good until more is written. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length)
  }

  clear(): void {
    this.length = 0
  }

  byte(value: number): void {
    this.#room(1)
    this.#bytes[this.length++] = value
  }

  /** A whole number from 0 to 2^53 - 1. */
  varint(value: number): void {
    this.#room(8)
    let rest = value
    while (rest > 0x7fffffff) {
      this.#bytes[this.length++] = (rest & 0x7f) | 0x80
      rest = Math.floor(rest / 128)
    }
    while (rest > 0x7f) {
      this.#bytes[this.length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#bytes[this.length++] = rest
  }

  /** Whole numbers, each as the signed difference from the one before. */
  steps(numbers: ArrayLike<number>): void {
    this.#room(8 * numbers.length)
    const bytes = this.#bytes
    let at = this.length
    let last = 0
    for (let nth = 0; nth < numbers.length; nth += 1) {
      const number = numbers[nth] ?? 0
      const step = number - last
      let rest = step < 0 ? -2 * step - 1 : 2 * step
      for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) bytes[at++] = (rest & 0x7f) | 0x80
      for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80
      bytes[at++] = rest
      last = number
    }
    this.length = at
  }

  doubles(values: ArrayLike<number>): void {
    // The machines we run on are little-endian, as what is written is.
    this.put(new Uint8Array(Float64Array.from(values).buffer))
  }

  /** Writes over four bytes that were written before. */
  u32At(at: number, value: number): void {
    this.#view.setUint32(at, value, true)
  }

  /** A whole number between -2^52 and 2^52: 0, -1, 1, -2 … become 0, 1, 2, 3 …, so that small ones stay short. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  double(value: number): void {
    this.#room(8)
    this.#view.setFloat64(this.length, value, true)
    this.length += 8
  }

  u32(value: number): void {
    this.#room(4)
    this.#view.setUint32(this.length, value, true)
    this.length += 4
  }

  put(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  /** Its length, then its UTF-8 bytes. */
  text(text: string): void {
    if (this.#shortAscii(text)) return
    const bytes = encoder.encode(text)
    this.varint(bytes.length)
    this.put(bytes)
  }

  /** Most texts are short and have a byte for each sign; these need no call for each. False when it is none of them. */
  #shortAscii(text: string): boolean {
    const { length } = text
    if (length > shortText) return false
    this.#room(1 + length)
    const bytes = this.#bytes
    const from = this.length + 1
    for (let at = 0; at < length; at += 1) {
      const sign = text.charCodeAt(at)
      if (sign > 0x7f) return false
      bytes[from + at] = sign
    }
    bytes[from - 1] = length
    this.length = from + length
    return true
  }

  #room(more: number): void {
    if (this.length + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.length + more))
    grown.set(this.bytes())
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}

/** Reads what a ByteWriter has written; throws a RangeError rather than read past the end. */
export class ByteReader {
  readonly #bytes: Uint8Array
  /** Made when it is needed: mostly nothing but bytes are read, and there are many readers. */
  #view: DataView | null = null
  at: number
  readonly end: number

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    if (from < 0 || end < from || end > bytes.length) throw new RangeError('a part that is not there')
    this.#bytes = bytes
    this.at = from
    this.end = end
  }

  get isAtEnd(): boolean {
    return this.at >= this.end
  }

  byte(): number {
    this.#need(1)
    return this.#bytes[this.at++] ?? 0
  }

  varint(): number {
    const first = this.byte()
    if (first < 0x80) return first
    let value = first & 0x7f
    let factor = 128
    for (;;) {
      const next = this.byte()
      value += (next & 0x7f) * factor
      if (next < 0x80) return value
      factor *= 128
      if (factor > 2 ** 56) throw new RangeError('a number that has no end')
    }
  }

  signed(): number {
    const value = this.varint()
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }

  /** Whole numbers that were written as differences: `count` of them, from the place `at` of `into` on. */
  steps(into: Float64Array, at = 0, count = into.length - at): Float64Array {
    this.#signeds(into, at, count)
    let last = 0
    for (let nth = at; nth < at + count; nth += 1) into[nth] = last += into[nth] ?? 0
    return into
  }

  /** The same for differences of differences. */
  stepsOfSteps(into: Float64Array, at = 0, count = into.length - at): Float64Array {
    this.#signeds(into, at, count)
    let last = 0
    let step = 0
    for (let nth = at; nth < at + count; nth += 1) {
      step += into[nth] ?? 0
      into[nth] = last += step
    }
    return into
  }

  #signeds(into: Float64Array, at: number, count: number): void {
    const bytes = this.#bytes
    const end = this.end
    let place = this.at
    for (let nth = at; nth < at + count; nth += 1) {
      // Most are one byte or two, and there are many of them.
      const first = place < end ? (bytes[place] ?? 0x80) : 0x80
      const second = first >= 0x80 && place + 1 < end ? (bytes[place + 1] ?? 0x80) : 0x80
      if (first < 0x80) {
        place += 1
        into[nth] = (first >>> 1) ^ -(first & 1)
      } else if (second < 0x80) {
        place += 2
        const code = (first & 0x7f) | (second << 7)
        into[nth] = (code >>> 1) ^ -(code & 1)
      } else {
        this.at = place
        into[nth] = this.signed()
        place = this.at
      }
    }
    this.at = place
  }

  doubles(into: Float64Array): Float64Array {
    new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(this.take(into.byteLength))
    return into
  }

  double(): number {
    this.#need(8)
    const value = this.#numbers().getFloat64(this.at, true)
    this.at += 8
    return value
  }

  u32(): number {
    this.#need(4)
    const value = this.#numbers().getUint32(this.at, true)
    this.at += 4
    return value
  }

  take(length: number): Uint8Array {
    this.#need(length)
    this.at += length
    return this.#bytes.subarray(this.at - length, this.at)
  }

  text(): string {
    return decoder.decode(this.take(this.varint()))
  }

  #numbers(): DataView {
    const { buffer, byteOffset, byteLength } = this.#bytes
    this.#view ??= new DataView(buffer, byteOffset, byteLength)
    return this.#view
  }

  #need(length: number): void {
    if (this.at + length > this.end) throw new RangeError('it ends before what it announces')
  }
}

const encoder = new TextEncoder()
/** Its length is one byte. */
const shortText = 64
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
