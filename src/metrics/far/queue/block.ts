import { crc32 } from 'node:zlib'

/** Samples that wait for the far side: a request of remote write, compressed, and what is known of it without opening it. */
export type Block = Readonly<{ samples: number; queuedMs: number; body: Uint8Array<ArrayBuffer> }>

/** What stands before the body of each block: docs/formats/metrics-far.md says how. */
export type BlockHead = Readonly<{ bytes: number; samples: number; queuedMs: number; crc: number }>

export const headBytes = 24
/** Longer ones are not written, so that what announces more is no block. */
const longestBytes = 64 * 2 ** 20

/** A block as it stands in a segment. */
export function framed({ samples, queuedMs, body }: Block): Buffer {
  if (body.length > longestBytes) throw new RangeError(`a block of ${body.length} bytes is too long`)
  const frame = Buffer.allocUnsafe(headBytes + body.length)
  frame.writeUInt32LE(body.length, 0)
  frame.writeUInt32LE(samples, 4)
  frame.writeDoubleLE(queuedMs, 8)
  frame.writeUInt32LE(crc32(body), 16)
  frame.writeUInt32LE(crc32(frame.subarray(0, 20)), 20)
  frame.set(body, headBytes)
  return frame
}

/** Null where no head stands. */
export function readHead(bytes: Buffer): BlockHead | null {
  if (bytes.length < headBytes || bytes.readUInt32LE(20) !== crc32(bytes.subarray(0, 20))) return null
  const length = bytes.readUInt32LE(0)
  if (length > longestBytes) return null
  return {
    bytes: length,
    samples: bytes.readUInt32LE(4),
    queuedMs: bytes.readDoubleLE(8),
    crc: bytes.readUInt32LE(16),
  }
}
