import { TooLong, Unreadable } from '../unreadable.ts'

/** No byte of a block can become more than so many. */
const largestRatio = 64
/** Copies are made four bytes at a time, and may write so far behind what they are about. */
const overrun = 4
/** Room that is not larger is kept for the next block. */
const keptBytes = 4 * 2 ** 20

/**
 * Opens blocks of snappy (https://github.com/google/snappy/blob/main/format_description.txt), one after the other in the
 * same room: what it gives out is good until the next. How long the content claims to be is compared with the limit before
 * room is made for it. Throws Unreadable; TooLong for the limit.
 */
export class Unsnapper {
  #room = new Uint8Array(0)

  open(block: Uint8Array, limitBytes: number): Uint8Array<ArrayBuffer> {
    const { length, from } = claimedLength(block)
    if (length > limitBytes) throw new TooLong(length, limitBytes)
    if (length > largestRatio * block.length) throw broken(from)
    const out = this.#room.length >= length + overrun ? this.#room : new Uint8Array(length + overrun)
    if (out.length <= keptBytes) this.#room = out
    const end = unpack({ block, out, length }, from)
    if (end !== length) throw new Unreadable(`the content is ${end} bytes long, and was said to be ${length}`)
    return out.subarray(0, length)
  }
}

/** Opens one block. */
export function decompress(block: Uint8Array, limitBytes: number): Uint8Array<ArrayBuffer> {
  return new Unsnapper().open(block, limitBytes)
}

type Opening = Readonly<{ block: Uint8Array; out: Uint8Array<ArrayBuffer>; length: number }>

/** Gives back how many bytes were written. */
function unpack({ block, out, length }: Opening, from: number): number {
  const [packed, view] = [viewOf(block), viewOf(out)]
  let [at, to] = [from, 0]
  while (at < block.length) {
    const tag = block[at++] ?? 0
    const kind = tag & 3
    if (kind === 0) {
      const short = tag >> 2
      const bytes = short < 60 ? 0 : short - 59
      const size = (bytes === 0 ? short : numberIn(block, at, bytes)) + 1
      at += bytes
      if (at + size > block.length || to + size > length) throw broken(at)
      if (size <= 64 && at + size + overrun <= block.length)
        for (let copied = 0; copied < size; copied += 4)
          view.setInt32(to + copied, packed.getInt32(at + copied, true), true)
      else out.set(block.subarray(at, at + size), to)
      at += size
      to += size
      continue
    }
    const bytes = kind === 1 ? 1 : kind === 2 ? 2 : 4
    const size = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2)
    const offset = numberIn(block, at, bytes) + (kind === 1 ? (tag >> 5) * 256 : 0)
    at += bytes
    if (offset === 0 || offset > to || to + size > length) throw broken(at)
    const source = to - offset
    // What is copied may reach into what is being written; four bytes at a time see that only when it is farther away.
    if (offset >= 4)
      for (let copied = 0; copied < size; copied += 4)
        view.setInt32(to + copied, view.getInt32(source + copied, true), true)
    else for (let copied = 0; copied < size; copied += 1) out[to + copied] = out[source + copied] ?? 0
    to += size
  }
  return to
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function claimedLength(block: Uint8Array): Readonly<{ length: number; from: number }> {
  let length = 0
  for (let at = 0; at < 5; at += 1) {
    const byte = block[at]
    if (byte === undefined) break
    length += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return { length, from: at + 1 }
  }
  throw new Unreadable('this is no block of snappy: it does not begin with a length')
}

function numberIn(block: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > block.length) throw broken(at)
  let value = block[at] ?? 0
  for (let nth = 1; nth < bytes; nth += 1) value += (block[at + nth] ?? 0) * 256 ** nth
  return value
}

function broken(at: number): Unreadable {
  return new Unreadable(`this is no block of snappy: it is broken at byte ${at}`)
}
