import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Where a part of a file lies: its place and its length as it is there, compressed. */
export type Place = Readonly<{ offset: number; length: number }>

const crcBytes = 4
/** More than this does not come out of a part, whatever it says: a group of 64 series of two hours is far below. */
const mostBytes = 256 * 2 ** 20

/** Squeezes bytes and puts the checksum of what comes out behind them. */
export function packPart(bytes: Uint8Array): Buffer {
  const packed = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 3 } })
  const crc = Buffer.alloc(crcBytes)
  crc.writeUInt32LE(crc32(packed))
  return Buffer.concat([packed, crc])
}

/** What was packed, in memory of its own; throws a RangeError when it is not what was written. */
export function openPart(part: Uint8Array): Uint8Array {
  const packed = part.subarray(0, part.length - crcBytes)
  const crc = Buffer.from(part.buffer, part.byteOffset + packed.length, crcBytes).readUInt32LE()
  if (part.length < crcBytes || crc32(packed) !== crc)
    throw new RangeError('its checksum says it was altered')
  const opened = zstdDecompressSync(packed, { maxOutputLength: mostBytes })
  // What comes out is the beginning of something larger, which is not to be kept for it.
  return opened.length === opened.buffer.byteLength ? opened : new Uint8Array(opened)
}
