import { fresh, type Room } from '../arena.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { placesOf, powerOf } from './places.ts'

/**
 * How a column of values is written; docs/formats/metrics-block.md says it in full. Most that is measured is a decimal of
 * few places, so it is made whole, and differences of whole numbers are short. What is not is written bit by bit.
 */
const whole = 0
const steady = 1
const bits = 2

/** Writes all values; the count is not written. Bits come back as they were, except that all NaN are one. */
export function writeValues(values: Float64Array, into: ByteWriter, room: Room = fresh): void {
  const places = placesOf(values)
  if (places === null) return writeBits(values, into, room)
  const power = powerOf(places)
  const scaled = room(values.length)
  for (let at = 0; at < values.length; at += 1) scaled[at] = Math.round((values[at] ?? 0) * power)
  const isSteady = bytesOfSecond(scaled) < bytesOfFirst(scaled)
  into.byte((isSteady ? steady : whole) | (places << 2))
  if (isSteady) writeSecond(scaled, into)
  else writeFirst(scaled, into)
}

/** Reads `count` values to the place `at` of `values` and behind it. */
export function readValues(from: ByteReader, values: Float64Array, at = 0, count = values.length - at): void {
  const head = from.byte()
  const power = powerOf(head >> 2)
  switch (head & 3) {
    case whole:
      from.steps(values, at, count)
      break
    case steady:
      from.stepsOfSteps(values, at, count)
      break
    case bits:
      return readBits(from, values.subarray(at, at + count))
    default:
      throw new RangeError(`a column of values of a kind that is not known: ${head}`)
  }
  // They are whole numbers yet, and become the decimals that they were.
  if (power !== 1) for (let nth = at; nth < at + count; nth += 1) values[nth] = (values[nth] ?? 0) / power
}

function writeFirst(scaled: Float64Array, into: ByteWriter): void {
  let last = 0
  for (const value of scaled) {
    into.signed(value - last)
    last = value
  }
}

/** Differences of differences: a counter that grows evenly is a row of zeros. */
function writeSecond(scaled: Float64Array, into: ByteWriter): void {
  let last = 0
  let step = 0
  for (const value of scaled) {
    into.signed(value - last - step)
    step = value - last
    last = value
  }
}

function bytesOfFirst(scaled: Float64Array): number {
  let bytes = 0
  for (let at = 1; at < scaled.length; at += 1) bytes += bytesOf((scaled[at] ?? 0) - (scaled[at - 1] ?? 0))
  return bytes
}

function bytesOfSecond(scaled: Float64Array): number {
  let bytes = 0
  let step = 0
  for (let at = 1; at < scaled.length; at += 1) {
    const next = (scaled[at] ?? 0) - (scaled[at - 1] ?? 0)
    bytes += bytesOf(next - step)
    step = next
  }
  return bytes
}

/** About how much of a compressed column a number will be: a zero is next to nothing in a row of zeros. */
function bytesOf(value: number): number {
  const size = Math.abs(value)
  if (size === 0) return 0.1
  return size < 64 ? 1 : size < 8192 ? 2 : size < 2 ** 20 ? 3 : 4 + Math.log2(size) / 7 - 3
}

/**
 * The bits of each value, less those it has in common with the one before; all first bytes, then all second ones …:
 * neighbours share sign, exponent and the front of the mantissa, so that most of the first planes is zeros.
 */
function writeBits(values: Float64Array, into: ByteWriter, room: Room): void {
  const copy = room(values.length)
  copy.set(values)
  const raw = new Uint32Array(copy.buffer, copy.byteOffset, 2 * copy.length)
  into.byte(bits)
  for (let plane = 7; plane >= 0; plane -= 1) {
    const [half, shift] = [plane >> 2, (plane & 3) << 3]
    let last = 0
    for (let at = half; at < raw.length; at += 2) {
      const word = raw[at] ?? 0
      into.byte(((word ^ last) >>> shift) & 0xff)
      last = word
    }
  }
}

function readBits(from: ByteReader, values: Float64Array): void {
  const raw = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length).fill(0)
  for (let plane = 7; plane >= 0; plane -= 1) {
    const [half, shift] = [plane >> 2, (plane & 3) << 3]
    let last = 0
    for (let at = half; at < raw.length; at += 2) {
      last ^= from.byte()
      raw[at] = (raw[at] ?? 0) | (last << shift)
    }
  }
}
