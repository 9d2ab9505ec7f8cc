import { closeSync, fstatSync, openSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { readAt } from '../../segments/read-at.ts'
import type { ByteWriter } from '../codec/bytes.ts'
import { readRecord, type WalRecord, writeRecord } from './record.ts'

/** Before each record: how long it is, and its checksum. */
const headBytes = 8
/** Longer ones are not written, so that what announces more is no record. */
const longestBytes = 16 * 2 ** 20
const readBytes = 2 ** 20

/** Writes a record as it stands in a segment. */
export function frame(record: WalRecord, into: ByteWriter): void {
  const at = into.length
  into.u32(0)
  into.u32(0)
  writeRecord(record, into)
  const body = into.bytes().subarray(at + headBytes)
  if (body.length > longestBytes) throw new RangeError(`a record of ${body.length} bytes is too long`)
  into.u32At(at, body.length)
  into.u32At(at + 4, crc32(body))
}

/** How far a segment could be read, and how many bytes stand behind that. */
export type SegmentEnd = Readonly<{ bytes: number; behind: number }>

/**
 * Reads the records of a segment one after the other, a piece of the file at a time, up to the first that is not as it was
 * written. Gives back where that is.
 */
export function readSegment(path: string, heed: (record: WalRecord) => void): SegmentEnd {
  const file = openSync(path, 'r')
  try {
    return readRecords(file, heed)
  } finally {
    closeSync(file)
  }
}

function readRecords(file: number, heed: (record: WalRecord) => void): SegmentEnd {
  const { size } = fstatSync(file)
  const window = windowOn(file, size)
  let at = 0
  for (;;) {
    const head = window(at, headBytes)
    const length = head?.readUInt32LE(0) ?? 0
    const crc = head?.readUInt32LE(4) ?? 0
    const body = head === null || length > longestBytes ? null : window(at + headBytes, length)
    const record = body === null ? null : recordIn(body, crc)
    if (record === null) return { bytes: at, behind: size - at }
    heed(record)
    at += headBytes + length
  }
}

/** Gives out pieces of a file, mostly in order; null for one that is not all there. Each is good until the next. */
function windowOn(file: number, size: number): (at: number, length: number) => Buffer | null {
  let piece: Buffer = Buffer.alloc(0)
  let from = 0
  return (at, length) => {
    if (at + length > size) return null
    if (at + length > from + piece.length) {
      piece = readAt(file, at, Math.min(size - at, Math.max(length, readBytes)))
      from = at
    }
    return piece.subarray(at - from, at - from + length)
  }
}

function recordIn(bytes: Buffer, crc: number): WalRecord | null {
  if (crc32(bytes) !== crc) return null
  try {
    return readRecord(bytes)
  } catch (thrown) {
    if (thrown instanceof RangeError || thrown instanceof TypeError) return null
    throw thrown
  }
}
