/**
 * A text as programs print it: one place after the other, and at each place any one of its spellings. So a value is
 * found however its characters are escaped, also where two encodings are mixed.
 */
export type Spelled = readonly (readonly string[])[]

/** Every way a value is masked in: written out or escaped, in base64, in hex. */
export function spellingsOf(value: string): readonly Spelled[] {
  const bytes = Buffer.from(value)
  return [Array.from(value).map(spellCharacter), ...base64(bytes), hex(bytes)]
}

const named: Readonly<Record<string, readonly string[]>> = {
  '\0': [String.raw`\0`],
  '\u0007': [String.raw`\a`],
  '\b': [String.raw`\b`],
  '\t': [String.raw`\t`, '&Tab;'],
  // A terminal prints two characters; a shell that splits words prints a space.
  '\n': [String.raw`\n`, String.raw`\r\n`, '\r\n', '%0D%0A', '%0d%0a', ' ', '+', '%20', '&NewLine;'],
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
 * Base64 groups three bytes, so a value inside a longer text looks different at each of three offsets. The characters
 * that mix in its neighbours are left out; where it ends the text, its last one and the padding go with it.
 */
function base64(bytes: Buffer): readonly Spelled[] {
  const cores = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  })
  const whole = bytes.toString('base64')
  const wholes = whole.endsWith('=') ? [spellBase64(whole), spellBase64(whole.replace(/=+$/, ''))] : []
  return [...cores.filter((core) => core.length >= SHORTEST_CORE).map(spellBase64), ...wholes]
}

/** Fewer characters of base64 are found in anything. */
const SHORTEST_CORE = 6

/** What may stand between two characters where long lines are wrapped. */
const breaks = ['', '\n', '\r\n']

function spellBase64(text: string): Spelled {
  return Array.from(text, (character, at) => {
    const spellings = inBase64[character] ?? [character]
    return at === 0 ? spellings : breaks.flatMap((between) => spellings.map((one) => between + one))
  })
}

const inBase64: Readonly<Record<string, readonly string[]>> = {
  '+': ['+', '-', '%2B', '%2b', String.raw`\u002b`, String.raw`\u002B`],
  '/': ['/', '_', '%2F', '%2f', String.raw`\/`],
  '=': ['=', '%3D', '%3d', String.raw`\u003d`, String.raw`\u003D`],
}

function hex(bytes: Buffer): Spelled {
  return [...bytes].map((byte, at) => {
    const lower = digits(byte, 2)
    const both = unique([lower, lower.toUpperCase()])
    return at === 0 ? both : ['', '\n'].flatMap((between) => both.map((one) => between + one))
  })
}

const digits = (value: number, length: number): string => value.toString(16).padStart(length, '0')

const unique = (spellings: readonly string[]): readonly string[] => [...new Set(spellings)]
