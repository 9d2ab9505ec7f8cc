import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'

/** A place in the queue: a segment, and an offset in it. */
export type Place = Readonly<{ segment: number; at: number }>

export const start: Place = { segment: 0, at: 0 }

/** What has been sent ends at `from`; what is being sent ends at `to`, and is the same when they are equal. */
export type Position = Readonly<{ from: Place; to: Place }>

export function isBefore(a: Place, b: Place): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.at < b.at)
}

/** Keeps the position in a file, so that what was being sent when we died is sent again just as it was. */
export class PositionFile {
  readonly #file: number

  constructor(path: string) {
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  }

  write({ from, to }: Position): void {
    const bytes = Buffer.alloc(20)
    const numbers = [from.segment, from.at, to.segment, to.at]
    numbers.forEach((number, nth) => bytes.writeUInt32LE(number, 4 * nth))
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 16)), 16)
    writeSync(this.#file, bytes, 0, bytes.length, 0)
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** Where there is none, or it is not as it was written, everything that is there is sent. */
export function readPosition(path: string): Position {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  if (bytes.length !== 20 || bytes.readUInt32LE(16) !== crc32(bytes.subarray(0, 16)))
    return { from: start, to: start }
  const placeAt = (at: number): Place => ({ segment: bytes.readUInt32LE(at), at: bytes.readUInt32LE(at + 4) })
  return { from: placeAt(0), to: placeAt(8) }
}
