import { TooLong, Unreadable } from '../unreadable.ts'

/** No byte of a block can become more than so many. */
const largestRatio = 64

/**
 * Opens a block of snappy (https://github.com/google/snappy/blob/main/format_description.txt). How long the content claims
 * to be is compared with the limit before any room is made for it. Throws Unreadable; `TooLong` for the limit.
 */
export function decompress(block: Uint8Array, limitBytes: number): Uint8Array {
  const { length, from } = claimedLength(block)
  if (length > limitBytes) throw new TooLong(length, limitBytes)
  if (length > largestRatio * block.length) throw broken(from)
  const out = new Uint8Array(length)
  let [at, to] = [from, 0]
  while (at < block.length) {
    const tag = block[at++] ?? 0
    const kind = tag & 3
    if (kind === 0) {
      const size = literalLength(block, tag, at)
      at += size.bytes
      const end = at + size.length
      if (end > block.length || to + size.length > length) throw broken(at)
      if (size.length < 32) for (; at < end; at += 1, to += 1) out[to] = block[at] ?? 0
      else {
        out.set(block.subarray(at, end), to)
        to += size.length
        at = end
      }
      continue
    }
    const isNear = kind === 1
    const copied = isNear ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2)
    const bytes = isNear ? 1 : kind === 2 ? 2 : 4
    const offset = numberIn(block, at, bytes) + (isNear ? (tag >> 5) * 256 : 0)
    at += bytes
    if (offset === 0 || offset > to || to + copied > length) throw broken(at)
    to = repeat(out, { to, offset, copied })
  }
  if (to !== length) throw new Unreadable(`the content is ${to} bytes long, and was said to be ${length}`)
  return out
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

function literalLength(
  block: Uint8Array,
  tag: number,
  at: number,
): Readonly<{ length: number; bytes: number }> {
  const short = tag >> 2
  if (short < 60) return { length: short + 1, bytes: 0 }
  const bytes = short - 59
  return { length: numberIn(block, at, bytes) + 1, bytes }
}

function numberIn(block: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > block.length) throw broken(at)
  let value = 0
  for (let nth = bytes - 1; nth >= 0; nth -= 1) value = value * 256 + (block[at + nth] ?? 0)
  return value
}

/** Repeats what was written `offset` bytes ago, which may reach into what is being written. */
function repeat(
  out: Uint8Array,
  { to, offset, copied }: Readonly<{ to: number; offset: number; copied: number }>,
): number {
  const end = to + copied
  for (let at = to; at < end; at += 1) out[at] = out[at - offset] ?? 0
  return end
}

function broken(at: number): Unreadable {
  return new Unreadable(`this is no block of snappy: it is broken at byte ${at}`)
}
