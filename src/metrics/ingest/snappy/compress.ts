import { ByteWriter } from '../../storage/codec/bytes.ts'

/** Matches are looked for within pieces of this size, so that two bytes are enough to say how far back they are. */
const pieceBytes = 2 ** 16
const tableBits = 14
/** What is nearer to the end than this is not looked at. */
const marginBytes = 15
const longestCopy = 64

/** A block of snappy of any bytes. Fast rather than small: the first match that is met is taken. */
export function compress(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const into = new ByteWriter(64 + Math.ceil(bytes.length / 2))
  into.varint(bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const table = new Uint16Array(2 ** tableBits)
  for (let from = 0; from < bytes.length; from += pieceBytes)
    compressPiece({ bytes, view, table, into }, from, Math.min(from + pieceBytes, bytes.length))
  return into.bytes()
}

type Work = Readonly<{ bytes: Uint8Array; view: DataView; table: Uint16Array; into: ByteWriter }>

function compressPiece(work: Work, from: number, to: number): void {
  const { view, table } = work
  table.fill(0)
  const last = to - marginBytes
  let [at, plain, misses] = [from + 1, from, 32]
  while (at < last) {
    const word = view.getInt32(at, true)
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - tableBits)
    const earlier = from + (table[slot] ?? 0)
    table[slot] = at - from
    if (view.getInt32(earlier, true) !== word) {
      // Where nothing repeats itself, looking at every byte is for nothing.
      at += misses >>> 5
      misses += 1
      continue
    }
    misses = 32
    literal(work, plain, at)
    const length = matchLength(work, { earlier, at, to })
    copy(work.into, at - earlier, length)
    at += length
    plain = at
  }
  literal(work, plain, to)
}

function matchLength(
  { bytes, view }: Work,
  { earlier, at, to }: Readonly<{ earlier: number; at: number; to: number }>,
): number {
  let length = 4
  while (at + length + 4 <= to && view.getInt32(earlier + length, true) === view.getInt32(at + length, true))
    length += 4
  while (at + length < to && bytes[earlier + length] === bytes[at + length]) length += 1
  return length
}

function literal({ bytes, into }: Work, from: number, to: number): void {
  const length = to - from
  if (length === 0) return
  if (length <= 60) into.byte((length - 1) << 2)
  else {
    const isShort = length <= 256
    into.byte((isShort ? 60 : 61) << 2)
    into.byte((length - 1) & 0xff)
    if (!isShort) into.byte((length - 1) >> 8)
  }
  into.put(bytes.subarray(from, to))
}

function copy(into: ByteWriter, offset: number, length: number): void {
  for (let rest = length; rest > 0;) {
    // No piece may be left over that is shorter than the shortest copy.
    const now = rest > longestCopy ? Math.min(longestCopy, rest - 4) : rest
    rest -= now
    if (now >= 4 && now <= 11 && offset < 2048) {
      into.byte(((offset >> 8) << 5) | ((now - 4) << 2) | 1)
      into.byte(offset & 0xff)
    } else {
      into.byte(((now - 1) << 2) | 2)
      into.byte(offset & 0xff)
      into.byte(offset >> 8)
    }
  }
}
