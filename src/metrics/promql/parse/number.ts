import { quoted } from './quote.ts'

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const hexadecimal = /^[+-]?0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/
const infinity = /^[+-]?inf(?:inity)?$/i

/**
 * A number as Go's ParseFloat reads it (`+Inf`, `1e3`, `0x1p-2`), which is how labels such as `le` are meant; null for
 * what is none.
 */
export function parseFloatText(text: string): number | null {
  if (decimal.test(text)) return Number(text)
  if (infinity.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^nan$/i.test(text)) return NaN
  const match = hexadecimal.exec(text)
  if (match === null) return null
  const [, whole = '', fraction = '', power = '0'] = match
  if (whole + fraction === '') return null
  const mantissa = Number.parseInt(whole + fraction, 16)
  const value = mantissa * 2 ** (Number(power) - 4 * fraction.length)
  return text.startsWith('-') ? -value : value
}

/** The number that a token of a query says, or what is wrong with it: whole ones may be hexadecimal or octal. */
export function parseNumber(text: string): Readonly<{ value: number }> | Readonly<{ fault: string }> {
  const whole = wholeNumber(text)
  if (whole !== null) return { value: whole }
  const value = parseFloatText(text)
  if (value === null) return { fault: `strconv.ParseFloat: parsing ${quoted(text)}: invalid syntax` }
  const isTooLarge = Math.abs(value) === Infinity && !infinity.test(text)
  if (isTooLarge) return { fault: `strconv.ParseFloat: parsing ${quoted(text)}: value out of range` }
  return { value }
}

/** What fits into 63 bits; larger ones are read as decimal fractions. */
function wholeNumber(text: string): number | null {
  const octal = /^0([0-7]+)$/.exec(text)?.[1]
  const isWhole = octal !== undefined || /^(?:0|[1-9]\d*|0[xX][0-9a-fA-F]+)$/.test(text)
  if (!isWhole) return null
  const value = BigInt(octal === undefined ? text : `0o${octal}`)
  return value < 1n << 63n ? Number(value) : null
}
