const [plus, minus, dot, zero, nine] = [0x2b, 0x2d, 0x2e, 0x30, 0x39]
/** So many digits are whole in a double, and powers of ten up to this one are exact: the quotient is the nearest. */
const exactDigits = 15
const powers = Array.from({ length: exactDigits + 1 }, (_, exponent) => 10 ** exponent)
const anyNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/** The number that is written in these bytes; NaN where none is. Most are short, and cost no text. */
export function readNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  const first = bytes[at]
  if (first === plus || first === minus) at += 1
  let digits = 0
  let whole = 0
  let fraction = -1
  for (; at < to; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === dot && fraction === -1) {
      fraction = 0
      continue
    }
    if (byte < zero || byte > nine || digits === exactDigits) return readAny(bytes, from, to)
    whole = whole * 10 + byte - zero
    digits += 1
    if (fraction !== -1) fraction += 1
  }
  if (digits === 0) return NaN
  const size = fraction > 0 ? whole / (powers[fraction] ?? NaN) : whole
  return first === minus ? -size : size
}

/** Long ones, and those with an exponent. */
function readAny(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > 400) return NaN
  const text = String.fromCharCode(...bytes.subarray(from, to))
  const number = anyNumber.test(text) ? Number(text) : NaN
  return Number.isFinite(number) ? number : NaN
}
