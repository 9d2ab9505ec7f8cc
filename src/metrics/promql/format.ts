/**
 * A value as the API of Prometheus shows it: the shortest digits that read back as the same number, `NaN`, `+Inf`, `-Inf`,
 * and an exponent of at least two digits where the number is very small or very large.
 */
export function valueText(value: number): string {
  const size = Math.abs(value)
  // In between, JavaScript writes no exponent either.
  if (size >= 1e-6 && size < 1e21) return String(value)
  return special(value) ?? (size === 0 ? plain(value) : exponential(value))
}

/** A number as queries are printed: with an exponent from 1e+06 on and below 1e-04. */
export function literalText(value: number): string {
  const size = Math.abs(value)
  const isPlain = size === 0 || (size >= 1e-4 && size < 1e6)
  return special(value) ?? (isPlain ? plain(value) : exponential(value))
}

/** A number as a label of `count_values`: never with an exponent. */
export function decimalText(value: number): string {
  return special(value) ?? plain(value)
}

/** Seconds with as many of three decimals as there are. */
export function secondsText(ms: number): string {
  return String(ms / 1000)
}

function special(value: number): string | null {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Infinity) return '+Inf'
  return value === -Infinity ? '-Inf' : null
}

function plain(value: number): string {
  if (Object.is(value, -0)) return '-0'
  const text = String(value)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (match === null) return text
  const [, sign = '', first = '', rest = '', power = '0'] = match
  const digits = first + rest
  const point = Number(power) + 1
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.padEnd(point, '0')}`
}

function exponential(value: number): string {
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}
