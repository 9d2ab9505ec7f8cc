import type { Faults } from './fault.ts'

const [lineFeed, carriageReturn] = [0x0a, 0x0d]

/** What reads one line: the bytes from `from` up to `to`, which are overwritten as soon as it returns. */
export type TakeLine = (bytes: Uint8Array, from: number, to: number) => void

/** Each line of a packet; empty ones are none. */
export function linesOf(bytes: Uint8Array, takeLine: TakeLine): void {
  let from = 0
  while (from < bytes.length) {
    let end = bytes.indexOf(lineFeed, from)
    if (end === -1) end = bytes.length
    takeTrimmed(bytes, from, end, takeLine)
    from = end + 1
  }
}

function takeTrimmed(bytes: Uint8Array, from: number, end: number, takeLine: TakeLine): void {
  const to = end > from && bytes[end - 1] === carriageReturn ? end - 1 : end
  if (to > from) takeLine(bytes, from, to)
}

/**
 * Lines of a connection, which come in pieces. What has not ended yet is kept, up to `mostBytes`; a longer line is thrown
 * away up to its end, and counted.
 */
export class LineStream {
  readonly #takeLine: TakeLine
  readonly #faults: Faults
  readonly #mostBytes: number
  #begun: Uint8Array = new Uint8Array()
  #isTooLong = false

  constructor(takeLine: TakeLine, faults: Faults, mostBytes: number) {
    this.#takeLine = takeLine
    this.#faults = faults
    this.#mostBytes = mostBytes
  }

  push(piece: Uint8Array): void {
    let from = 0
    for (let end = piece.indexOf(lineFeed); end !== -1; end = piece.indexOf(lineFeed, from)) {
      this.#end(piece.subarray(from, end))
      from = end + 1
    }
    if (from < piece.length) this.#keep(piece.subarray(from))
  }

  /** What came without an end at last is a line as well. */
  close(): void {
    this.#end(new Uint8Array())
  }

  #end(rest: Uint8Array): void {
    if (!this.#isTooLong && this.#begun.length > 0) this.#keep(rest)
    const line = this.#begun.length > 0 ? this.#begun : rest
    if (!this.#isTooLong) takeTrimmed(line, 0, line.length, this.#takeLine)
    this.#begun = new Uint8Array()
    this.#isTooLong = false
  }

  #keep(rest: Uint8Array): void {
    if (this.#isTooLong) return
    const line = this.#begun.length === 0 ? Uint8Array.from(rest) : Buffer.concat([this.#begun, rest])
    this.#begun = line
    if (line.length <= this.#mostBytes) return
    this.#faults.add('too long', line, 0, line.length)
    this.#begun = new Uint8Array()
    this.#isTooLong = true
  }
}
