import type { Reading } from './class-reader.ts'
import { PatternTrouble } from './trouble.ts'

const named: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }

/** The character that is meant by what follows a backslash. */
export function escapedPoint(reading: Reading): number {
  const from = reading.at - 1
  const sign = reading.take()
  if (sign === '') throw new PatternTrouble('trailing backslash at end of expression', '')
  const point = named[sign]
  if (point !== undefined) return point
  if (/^[\x21-\x7e]$/.test(sign) && !/^[0-9A-Za-z]$/.test(sign)) return sign.codePointAt(0) ?? 0
  const rest = reading.text.slice(reading.at)
  const octal =
    sign === '0' ? /^[0-7]{0,2}/.exec(rest) : /^[1-7]$/.test(sign) ? /^[0-7]{1,2}/.exec(rest) : null
  const hex = sign === 'x' ? /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(rest) : null
  const value =
    octal === null ? Number.parseInt(hex?.[1] ?? hex?.[2] ?? '', 16) : Number.parseInt(sign + octal[0], 8)
  if (!(value <= 0x10ffff))
    throw new PatternTrouble(
      'invalid escape sequence',
      reading.text.slice(from, from + invalidLength(sign, rest)),
    )
  reading.at += octal?.[0].length ?? hex?.[0].length ?? 0
  return value
}

/** How much of a wrong escape is told: up to and with the character that made it wrong. */
function invalidLength(sign: string, rest: string): number {
  if (sign !== 'x') return 1 + sign.length
  if (!rest.startsWith('{')) return 2 + Array.from(rest).slice(0, 2).join('').length
  const digits = /^[0-9a-fA-F]*/.exec(rest.slice(1))?.[0] ?? ''
  for (let count = 1; count <= digits.length; count += 1)
    if (Number.parseInt(digits.slice(0, count), 16) > 0x10ffff) return 3 + count
  return 3 + digits.length + (Array.from(rest.slice(1 + digits.length))[0]?.length ?? 0)
}
