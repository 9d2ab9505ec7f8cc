import { namedCharacter } from './quote.ts'

type Seen = Readonly<{ fault: string | null; end: number }>

const forms: Readonly<Record<string, Readonly<{ digits: number; radix: number; max: number }>>> = {
  x: { digits: 2, radix: 16, max: 0xff },
  u: { digits: 4, radix: 16, max: 0x10ffff },
  U: { digits: 8, radix: 16, max: 0x10ffff },
}
const octal = { digits: 3, radix: 8, max: 0xff }

/** What is wrong with the escape whose backslash stands just before `at`, or null; and where it ends. */
export function escapeFault(query: string, at: number, quote: string): Seen {
  const sign = characterAt(query, at)
  if (sign === '') return { fault: 'escape sequence not terminated', end: at }
  if (`abfnrtv\\${quote}`.includes(sign)) return { fault: null, end: at + 1 }
  const isOctal = sign >= '0' && sign <= '7'
  const form = isOctal ? octal : forms[sign]
  if (form === undefined) return { fault: `unknown escape sequence ${namedCharacter(sign)}`, end: at }
  const from = isOctal ? at : at + 1
  for (let place = from; place < from + form.digits; place += 1) {
    const digit = characterAt(query, place)
    if (digit === '') return { fault: 'escape sequence not terminated', end: place }
    if (digitOf(digit) >= form.radix)
      return { fault: `illegal character ${namedCharacter(digit)} in escape sequence`, end: place }
  }
  const end = from + form.digits
  const value = Number.parseInt(query.slice(from, end), form.radix)
  const isPoint = value <= form.max && (value < 0xd800 || value >= 0xe000)
  return { fault: isPoint ? null : 'escape sequence is an invalid Unicode code point', end }
}

function digitOf(sign: string): number {
  return /^[0-9a-fA-F]$/.test(sign) ? Number.parseInt(sign, 16) : 16
}

function characterAt(query: string, at: number): string {
  const point = query.codePointAt(at)
  return point === undefined ? '' : String.fromCodePoint(point)
}
