/** MurmurHash3 x86-32 over the UTF-8 bytes of text, that can be begun with one text and ended with many others. */

/** The state after the first text: what was mixed in, the 0 to 3 bytes that wait for a fourth, and the bytes so far. */
export type Begun = Readonly<{ mixed: number; waiting: number; bytes: number }>

/** Begins with a text, so that its bytes are hashed once and not for every person. */
export function begin(text: string, seed: number): Begun {
  let mixed = seed | 0
  let waiting = 0
  const bytes = new TextEncoder().encode(text)
  bytes.forEach((byte, at) => {
    waiting |= byte << ((at & 3) << 3)
    if ((at & 3) !== 3) return
    mixed = mix(mixed, waiting)
    waiting = 0
  })
  return Object.freeze({ mixed, waiting, bytes: bytes.length })
}

/**
 * The hash of the first text and this one, as a signed 32-bit number. Allocates nothing: the bytes are made from the
 * UTF-16 units as they are needed. Half a surrogate pair counts as U+FFFD, as in every encoder.
 */
export function finish(begun: Begun, text: string): number {
  let { mixed, waiting, bytes } = begun
  let shift = (bytes & 3) << 3
  const end = text.length
  let at = 0
  while (at < end) {
    let word: number
    let size = 4
    if (at + 3 < end && isAscii(text, at)) {
      word = fourAt(text, at)
      at += 4
    } else {
      const point = text.codePointAt(at) ?? 0
      at += point > 0xffff ? 2 : 1
      word = utf8(point)
      size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    }
    bytes += size
    const low = waiting | (word << shift)
    const filled = shift + (size << 3)
    if (filled < 32) {
      waiting = low
      shift = filled
    } else {
      mixed = mix(mixed, low)
      waiting = shift === 0 ? 0 : word >>> (32 - shift)
      shift = filled - 32
    }
  }
  if (shift !== 0) mixed ^= scramble(waiting)
  return avalanche(mixed ^ bytes)
}

function isAscii(text: string, at: number): boolean {
  const units =
    text.charCodeAt(at) | text.charCodeAt(at + 1) | text.charCodeAt(at + 2) | text.charCodeAt(at + 3)
  return units < 0x80
}

function fourAt(text: string, at: number): number {
  const low = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8)
  return low | (text.charCodeAt(at + 2) << 16) | (text.charCodeAt(at + 3) << 24)
}

/** The UTF-8 bytes of a code point, the first one lowest. */
function utf8(point: number): number {
  if (point < 0x80) return point
  if (point < 0x800) return 0xc0 | (point >> 6) | ((0x80 | (point & 0x3f)) << 8)
  if (point < 0x10000) {
    const whole = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point
    return 0xe0 | (whole >> 12) | ((0x80 | ((whole >> 6) & 0x3f)) << 8) | ((0x80 | (whole & 0x3f)) << 16)
  }
  const high = 0xf0 | (point >> 18) | ((0x80 | ((point >> 12) & 0x3f)) << 8)
  return high | ((0x80 | ((point >> 6) & 0x3f)) << 16) | ((0x80 | (point & 0x3f)) << 24)
}

function scramble(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51)
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593)
}

function mix(mixed: number, word: number): number {
  const joined = mixed ^ scramble(word)
  return (Math.imul((joined << 13) | (joined >>> 19), 5) + 0xe6546b64) | 0
}

function avalanche(mixed: number): number {
  const once = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}
