const named: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
}

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u

/** A text in double quotes as Prometheus writes it: what cannot be seen is written as an escape. */
export function quoted(text: string): string {
  return `"${escaped(text, '"')}"`
}

/** One character in single quotes, as Prometheus names what it did not expect; the empty text is the end of input. */
export function quotedCharacter(character: string): string {
  return `'${escaped(character === '' ? '\ufffd' : character, "'")}'`
}

/** `U+0071 'q'`. */
export function namedCharacter(character: string): string {
  const point = character.codePointAt(0) ?? 0
  const number = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return printable.test(character) ? `${number} '${character}'` : number
}

function escaped(text: string, quote: string): string {
  return Array.from(text, (character) => escapedCharacter(character, quote)).join('')
}

function escapedCharacter(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`
  const name = named[character]
  if (name !== undefined) return name
  if (printable.test(character)) return character
  const point = character.codePointAt(0) ?? 0
  if (point < 0x80) return `\\x${hex(point, 2)}`
  return point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`
}

function hex(point: number, digits: number): string {
  return point.toString(16).padStart(digits, '0')
}

const single: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
}

/** What a string of a query says; the lexer has seen that its quotes and escapes are whole. */
export function unquoted(literal: string): string {
  const inside = literal.slice(1, -1)
  if (literal.startsWith('`') || !inside.includes('\\')) return inside
  const parts: Buffer[] = []
  const escape = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{3})|(.))/giu
  let last = 0
  for (const match of inside.matchAll(escape)) {
    parts.push(Buffer.from(inside.slice(last, match.index)), bytesOf(match))
    last = match.index + match[0].length
  }
  parts.push(Buffer.from(inside.slice(last)))
  return Buffer.concat(parts).toString('utf8')
}

/** `\x` and octal escapes are bytes of UTF-8, `\u` and `\U` are characters. */
function bytesOf([, byte, short, long, octal, letter]: RegExpMatchArray): Buffer {
  if (byte !== undefined) return Buffer.from([Number.parseInt(byte, 16)])
  if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8)])
  const point = short ?? long
  if (point !== undefined) return Buffer.from(String.fromCodePoint(Number.parseInt(point, 16)))
  return Buffer.from([single[letter ?? ''] ?? 0])
}
