/**
 * A text as programs print it: one place after the other, and at each place any one of its spellings. So a value is
 * found however its characters are escaped, also where two encodings are mixed. Places are spelled when they are asked
 * for: of most texts only the beginning is.
 */
export type Spelled = Readonly<{
  length: number
  at: (place: number) => readonly string[]
  /** Its lines may be broken wherever an encoder wraps them. */
  wraps: boolean
}>

/** A text with one spelling. */
export const verbatim = (text: string): Spelled => ({ length: 1, at: () => [text], wraps: false })

/** Every way a value is masked in: written out or escaped, in base64, in hex. */
export function spellingsOf(value: string): readonly Spelled[] {
  const characters = Array.from(value)
  const bytes = Buffer.from(value)
  const written = {
    length: characters.length,
    at: (place: number) => spellCharacter(characters[place] ?? ''),
    wraps: false,
  }
  return [written, ...[0, 1, 2].map((offset) => base64(bytes, offset)), hex(bytes)]
}

const named: Readonly<Record<string, readonly string[]>> = {
  '\0': [String.raw`\0`],
  '\u0007': [String.raw`\a`],
  '\b': [String.raw`\b`],
  '\t': [String.raw`\t`, '&Tab;'],
  // A terminal prints two characters, a shell that splits words a space, `cat -A` a sign before it.
  '\n': ['$\n', String.raw`\n`, String.raw`\r\n`, '\r\n', '%0D%0A', '%0d%0a', ' ', '+', '%20', '&NewLine;'],
  '\v': [String.raw`\v`],
  '\f': [String.raw`\f`],
  '\r': [String.raw`\r`],
  '\u001B': [String.raw`\e`, String.raw`\E`],
  ' ': ['+', '&nbsp;'],
  '"': ['&quot;'],
  '&': ['&amp;'],
  // In single quotes of the shell, one ends them, is quoted for itself, and begins them again.
  "'": ['&apos;', String.raw`'\''`, `'"'"'`],
  '<': ['&lt;'],
  '>': ['&gt;'],
}

/** Letters and digits are never escaped by anything that escapes what it must. */
function spellCharacter(character: string): readonly string[] {
  if (/^[A-Za-z0-9]$/.test(character)) return [character]
  const escaped = [...(named[character] ?? []), ...backslashed(character)]
  // JSON within JSON.
  const twice = escaped.map((spelling) => JSON.stringify(spelling).slice(1, -1))
  return unique([character, ...escaped, ...twice, ...percent(character), ...references(character)])
}

function backslashed(character: string): readonly string[] {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  const bytes = [...Buffer.from(character)]
  const code = character.codePointAt(0) ?? 0
  const octal = bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
  const bothCases = [
    units.map((unit) => `\\u${digits(unit, 4)}`).join(''),
    bytes.map((byte) => `\\x${digits(byte, 2)}`).join(''),
    `\\u{${code.toString(16)}}`,
    `\\x{${code.toString(16)}}`,
    `\\U${digits(code, 8)}`,
    ...(code < 256 ? [`\\x${digits(code, 2)}`] : []),
  ].flatMap((spelling) => [
    spelling,
    spelling.replaceAll(/[0-9a-f]+(?=\\|\}|$)/g, (hexed) => hexed.toUpperCase()),
  ])
  return [...(code < 128 && code >= 32 ? [`\\${character}`] : []), octal, ...bothCases]
}

function percent(character: string): readonly string[] {
  const lower = [...Buffer.from(character)].map((byte) => `%${digits(byte, 2)}`).join('')
  return [lower, lower.toUpperCase()]
}

function references(character: string): readonly string[] {
  const code = character.codePointAt(0) ?? 0
  const hexed = code.toString(16)
  return [`&#${code};`, `&#0${code};`, `&#x${hexed};`, `&#x${hexed.toUpperCase()};`]
}

/**
 * Base64 groups three bytes, so a value inside a longer text looks different at each of three offsets. At its edges a
 * character may hold bits of a neighbour: any of those will do. Where the value ends the text, padding follows.
 */
function base64(bytes: Buffer, offset: number): Spelled {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const first = Math.floor((offset * 8) / 6)
  const last = Math.ceil(((offset + bytes.length) * 8) / 6) - 1
  const padding = text.slice(last + 1)
  return {
    length: last - first + 1,
    wraps: true,
    at: (place) => {
      const character = text.charAt(first + place)
      if (place === 0)
        return neighboured(character, { bits: (offset * 8) % 6, step: 2 ** (6 - ((offset * 8) % 6)) })
      if (first + place < last) return wrapped(inBase64(character))
      const edge = neighboured(character, { bits: padding.length * 2, step: 1 })
      return wrapped(padding === '' ? edge : [...edge, ...inBase64(character).map((one) => one + padding)])
    },
  }
}

const digitsOf64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** A character of which some bits belong to a neighbour, whatever those are; they are zero in it. */
function neighboured(
  character: string,
  { bits, step }: Readonly<{ bits: number; step: number }>,
): readonly string[] {
  const value = digitsOf64.indexOf(character)
  return Array.from({ length: 2 ** bits }, (_, other) => digitsOf64.charAt(value + other * step)).flatMap(
    inBase64,
  )
}

function inBase64(character: string): readonly string[] {
  if (character === '+') return ['+', '-', '%2B', '%2b', String.raw`\u002b`, String.raw`\u002B`]
  if (character === '/') return ['/', '_', '%2F', '%2f', String.raw`\/`]
  return [character]
}

/** Where long lines are wrapped, a break stands between two characters. */
const wrapped = (spellings: readonly string[]): readonly string[] =>
  ['', '\n', '\r\n'].flatMap((between) => spellings.map((one) => between + one))

function hex(bytes: Buffer): Spelled {
  return {
    length: bytes.length,
    wraps: true,
    at: (place) => {
      const lower = digits(bytes[place] ?? 0, 2)
      const both = unique([lower, lower.toUpperCase()])
      return place === 0 ? both : wrapped(both)
    },
  }
}

const digits = (value: number, length: number): string => value.toString(16).padStart(length, '0')

const unique = (spellings: readonly string[]): readonly string[] => [...new Set(spellings)]
