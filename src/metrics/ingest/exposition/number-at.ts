import { parseFloatText } from '../../promql/parse/number.ts'

/** A number that was read, and where it ended. One is written over again and again, as there are millions. */
export type NumberSeen = { value: number; end: number }

const largestExact = Number.MAX_SAFE_INTEGER
/** Powers of ten that doubles hold exactly: one division by them rounds once, as it should. */
const powers = Float64Array.from({ length: 23 }, (_, power) => 10 ** power)

/** Reads the number that stands at a place, up to a blank or the end of the line. False when none does. */
export function numberAt(bytes: Uint8Array, from: number, seen: NumberSeen): boolean {
  const sign = bytes[from]
  let at = sign === 0x2d || sign === 0x2b ? from + 1 : from
  const first = at
  let digits = 0
  let digit = (bytes[at] ?? 0) - 0x30
  for (; digit >= 0 && digit <= 9; digit = (bytes[++at] ?? 0) - 0x30) digits = 10 * digits + digit
  let places = 0
  const whole = at - first
  if (bytes[at] === 0x2e) {
    const point = at
    digit = (bytes[++at] ?? 0) - 0x30
    for (; digit >= 0 && digit <= 9; digit = (bytes[++at] ?? 0) - 0x30) digits = 10 * digits + digit
    places = at - point - 1
  }
  const isPlain = whole + places > 0 && digits <= largestExact && places < powers.length
  if (!isPlain || !isEnd(bytes, at)) return slowNumberAt(bytes, from, seen)
  const size = places === 0 ? digits : digits / (powers[places] ?? 1)
  seen.value = sign === 0x2d ? -size : size
  seen.end = at
  return true
}

function slowNumberAt(bytes: Uint8Array, from: number, seen: NumberSeen): boolean {
  let end = from
  while (!isEnd(bytes, end)) end += 1
  const value = parseFloatText(latin1(bytes, from, end))
  if (value === null) return false
  seen.value = value
  seen.end = end
  return true
}

/** Blank, tab, end of line, or the end of all. */
export function isEnd(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at]
  return byte === 0x20 || byte === 0x0a || byte === 0x09 || byte === 0x0d || byte === undefined
}

const longestNumber = 400

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, Math.min(to, from + longestNumber)))
}
