import { valueText } from '../promql/format.ts'

const firstBytes = 4096
/** No number takes more. */
const numberBytes = 40
const [zero, minus, dot, comma] = ['0', '-', '.', ','].map((sign) => sign.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
]
const [opening, closing, quote] = ['[', ']', '"'].map((sign) => sign.charCodeAt(0)) as [
  number,
  number,
  number,
]

const encoder = new TextEncoder()

/** JSON on its way out, as bytes at once: answers are mostly numbers, and texts of all of them would only be thrown away. */
export class JsonBytes {
  #bytes = new Uint8Array(firstBytes)
  #length = 0

  /** JSON that is written already. */
  text(text: string): this {
    // A letter of JavaScript takes three bytes at most.
    this.#room(3 * text.length)
    this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written
    return this
  }

  /** The values of a series, oldest first. */
  points(times: Float64Array, values: Float64Array): this {
    this.#sign(opening)
    for (let at = 0; at < times.length; at += 1) {
      if (at > 0) this.#sign(comma)
      this.point(times[at] ?? 0, values[at] ?? 0)
    }
    this.#sign(closing)
    return this
  }

  point(ms: number, value: number): this {
    this.#room(2 * numberBytes)
    this.#sign(opening)
    this.#seconds(ms)
    this.#sign(comma)
    this.#sign(quote)
    this.#value(value)
    this.#sign(quote)
    this.#sign(closing)
    return this
  }

  /** What was written, in memory of its own. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  /** Seconds, with three decimals where they are not whole. */
  #seconds(ms: number): void {
    const size = Math.abs(ms)
    const rest = size % 1000
    if (ms < 0) this.#sign(minus)
    this.#whole((size - rest) / 1000)
    if (rest === 0) return
    this.#sign(dot)
    this.#decimals(rest, 3)
  }

  /** As `valueText`: the shortest digits that lead back to the same number. */
  #value(value: number): void {
    const size = Math.abs(value)
    const thousandths = Math.round(1000 * size)
    // What has fifteen digits at most is the only one so short.
    const isShort = thousandths < 1e15 && thousandths / 1000 === size && !Object.is(value, -0)
    if (!isShort) return this.#ascii(valueText(value))
    if (value < 0) this.#sign(minus)
    const rest = thousandths % 1000
    this.#whole((thousandths - rest) / 1000)
    if (rest === 0) return
    this.#sign(dot)
    if (rest % 100 === 0) this.#decimals(rest / 100, 1)
    else if (rest % 10 === 0) this.#decimals(rest / 10, 2)
    else this.#decimals(rest, 3)
  }

  #whole(number: number): void {
    let digits = 1
    for (let power = 10; power <= number; power *= 10) digits += 1
    this.#decimals(number, digits)
  }

  #decimals(number: number, digits: number): void {
    let left = number
    for (let at = this.#length + digits - 1; at >= this.#length; at -= 1) {
      const next = Math.floor(left / 10)
      this.#bytes[at] = zero + left - 10 * next
      left = next
    }
    this.#length += digits
  }

  #ascii(text: string): void {
    for (let at = 0; at < text.length; at += 1) this.#bytes[this.#length + at] = text.charCodeAt(at)
    this.#length += text.length
  }

  #sign(code: number): void {
    this.#bytes[this.#length] = code
    this.#length += 1
  }

  /** For so many more, and the signs around them. */
  #room(bytes: number): void {
    const needed = this.#length + bytes + numberBytes
    if (needed <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}
