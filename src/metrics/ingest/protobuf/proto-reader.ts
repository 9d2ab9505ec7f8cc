import { Unreadable } from '../unreadable.ts'

/** How a field is written: what stands behind its number. */
export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/**
 * Reads a message of protocol buffers from its bytes, field after field, without a description of it: whoever reads knows
 * what is meant. Throws Unreadable rather than read past the end.
 */
export class ProtoReader {
  readonly bytes: Uint8Array
  readonly #view: DataView
  at = 0
  /** The number of the field that `next` has met. */
  field = 0
  #type = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Goes to the next field of the message that ends there; false at its end. */
  next(end: number): boolean {
    if (this.at >= end) {
      if (this.at > end) throw new Unreadable(`at byte ${this.at}: a field is longer than its message`)
      return false
    }
    const tag = this.varint()
    this.field = Math.floor(tag / 8)
    this.#type = tag % 8
    if (this.field === 0 || tag > 2 ** 32) throw new Unreadable(`at byte ${this.at}: there is no such field`)
    return true
  }

  /** Where the message or text that stands here ends; its bytes begin at `at`. */
  length(): number {
    this.#must(wire.bytes)
    const length = this.varint()
    if (length > this.bytes.length - this.at)
      throw new Unreadable(`at byte ${this.at}: ${length} bytes are announced, and are not there`)
    return this.at + length
  }

  text(): string {
    const end = this.length()
    const text = textOf(this.bytes, this.at, end)
    this.at = end
    return text
  }

  double(): number {
    this.#must(wire.fixed64)
    return this.bareDouble()
  }

  /** A double in a list that is written in one piece. */
  bareDouble(): number {
    if (this.at + 8 > this.bytes.length) throw cutOff(this.at)
    const value = this.#view.getFloat64(this.at, true)
    this.at += 8
    return value
  }

  /** Whether the double that was just read is the one that ends a series. JavaScript need not keep which NaN it is. */
  wasStale(): boolean {
    return (
      this.#view.getUint32(this.at - 8, true) === 2 && this.#view.getUint32(this.at - 4, true) === 0x7ff00000
    )
  }

  /** A number of 64 bits with a sign; as near as doubles come. */
  int64(): number {
    this.#must(wire.varint)
    const from = this.at
    const value = this.varint()
    if (this.at - from < 10) return value
    let exact = 0n
    for (let at = this.at - 1; at >= from; at -= 1)
      exact = (exact << 7n) | BigInt((this.bytes[at] ?? 0) & 0x7f)
    return Number(BigInt.asIntN(64, exact))
  }

  uint(): number {
    this.#must(wire.varint)
    return this.varint()
  }

  /** A number of 64 bits at a fixed place; as near as doubles come. */
  fixed64(signed: boolean): number {
    this.#must(wire.fixed64)
    const number = this.bareFixed64()
    return signed && number >= 2 ** 63 ? this.#signedBefore() : number
  }

  /** One without a sign, in a list that is written in one piece. */
  bareFixed64(): number {
    if (this.at + 8 > this.bytes.length) throw cutOff(this.at)
    const [low, high] = [this.#view.getUint32(this.at, true), this.#view.getUint32(this.at + 4, true)]
    this.at += 8
    return high * 2 ** 32 + low
  }

  /** Whether the field is written as one piece of bytes: lists of numbers may be, or each by itself. */
  isBytes(): boolean {
    return this.#type === wire.bytes
  }

  /** Passes over a field that nobody here wants. */
  skip(): void {
    if (this.#type === wire.varint) this.varint()
    else if (this.#type === wire.bytes) this.at = this.length()
    else if (this.#type === wire.fixed64) this.at += 8
    else if (this.#type === wire.fixed32) this.at += 4
    else throw new Unreadable(`at byte ${this.at}: a field of a kind that is not read (${this.#type})`)
    if (this.at > this.bytes.length) throw cutOff(this.bytes.length)
  }

  /** A number of up to ten bytes, without a sign; as near as doubles come. */
  varint(): number {
    const bytes = this.bytes
    const first = bytes[this.at++] ?? ended(this.at)
    if (first < 0x80) return first
    let value = first & 0x7f
    let factor = 128
    for (let count = 1; count < 10; count += 1) {
      const byte = bytes[this.at++] ?? ended(this.at)
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
      factor *= 128
    }
    throw new Unreadable(`at byte ${this.at}: a number that has no end`)
  }

  #signedBefore(): number {
    return this.#view.getInt32(this.at - 4, true) * 2 ** 32 + this.#view.getUint32(this.at - 8, true)
  }

  #must(type: number): void {
    if (this.#type !== type)
      throw new Unreadable(`at byte ${this.at}: field ${this.field} is written as something else`)
  }
}

function ended(at: number): never {
  throw cutOff(at - 1)
}

function cutOff(at: number): Unreadable {
  return new Unreadable(`at byte ${at}: it ends in the middle of a message`)
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const shortText = 32

/** The text of some bytes. Throws Unreadable when they are not UTF-8. */
function textOf(bytes: Uint8Array, from: number, to: number): string {
  if (to - from <= shortText) {
    let text = ''
    let at = from
    for (; at < to && (bytes[at] ?? 0x80) < 0x80; at += 1) text += String.fromCharCode(bytes[at] ?? 0)
    if (at === to) return text
  }
  try {
    return decoder.decode(bytes.subarray(from, to))
  } catch (cause) {
    throw new Unreadable(`at byte ${from}: a text is not UTF-8`, { cause })
  }
}
