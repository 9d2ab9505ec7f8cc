import {
  bothCases,
  type CharSet,
  complement,
  digits,
  newline,
  single,
  spaces,
  union,
  wordLetters,
} from './set.ts'

/** A pattern as a tree. `anchor` is `^` or `$`, a border is `\b` or `\B`. */
export type Pattern =
  | Readonly<{ type: 'set'; set: CharSet }>
  | Readonly<{ type: 'anchor'; at: 'start' | 'end' }>
  | Readonly<{ type: 'border'; isBorder: boolean }>
  | Readonly<{ type: 'sequence'; parts: readonly Pattern[] }>
  | Readonly<{ type: 'choice'; parts: readonly Pattern[] }>
  | Readonly<{ type: 'repeat'; part: Pattern; min: number; max: number }>

/** Why a pattern is refused: what, where in it (counted from 0), and what to do now. */
export class PatternTrouble extends Error {
  readonly at: number
  readonly now: string
  constructor(what: string, at: number, now: string) {
    super(what)
    this.at = at
    this.now = now
  }
}

export const patternLimit = 500
const repeatLimit = 1000

/** Reads a pattern of the subset in docs/formats/flag.md. Throws PatternTrouble on all else. */
export function parsePattern(text: string): Pattern {
  if (text.length > patternLimit)
    throw new PatternTrouble(`the pattern is ${text.length} long`, patternLimit, `keep to ${patternLimit}`)
  const ignoresCase = text.startsWith('(?i)')
  const reader = new Reader(text, ignoresCase ? 4 : 0, ignoresCase)
  const pattern = reader.choice()
  if (!reader.isAtEnd)
    throw reader.trouble('nothing was opened that this could close', 'write \\) for the sign')
  return pattern
}

const escapes: Readonly<Record<string, CharSet>> = {
  d: digits,
  D: complement(digits),
  w: wordLetters,
  W: complement(wordLetters),
  s: spaces,
  S: complement(spaces),
  n: newline,
  r: single(0x0d),
  t: single(0x09),
  f: single(0x0c),
  v: single(0x0b),
}

class Reader {
  readonly #text: string
  readonly #ignoresCase: boolean
  #at: number

  constructor(text: string, at: number, ignoresCase: boolean) {
    this.#text = text
    this.#at = at
    this.#ignoresCase = ignoresCase
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  trouble(what: string, now: string, at = this.#at): PatternTrouble {
    return new PatternTrouble(what, at, now)
  }

  choice(): Pattern {
    const parts = [this.#sequence()]
    while (this.#take('|')) parts.push(this.#sequence())
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { type: 'choice', parts }
  }

  #sequence(): Pattern {
    const parts: Pattern[] = []
    while (!this.isAtEnd && !this.#sees('|') && !this.#sees(')')) parts.push(this.#repeated())
    return { type: 'sequence', parts }
  }

  #repeated(): Pattern {
    const began = this.#at
    const part = this.#atom()
    const times = this.#times()
    if (times === null) return part
    if (part.type === 'anchor' || part.type === 'border')
      throw this.trouble('a place in the text cannot be repeated', 'take the repeat out', began)
    // A lazy repeat finds the same texts.
    this.#take('?')
    if (this.#sees('*') || this.#sees('+') || this.#sees('?'))
      throw this.trouble('a repeat of a repeat', 'put the inner one in (?: )')
    return { type: 'repeat', part, ...times }
  }

  #times(): Readonly<{ min: number; max: number }> | null {
    if (this.#take('*')) return { min: 0, max: Infinity }
    if (this.#take('+')) return { min: 1, max: Infinity }
    if (this.#take('?')) return { min: 0, max: 1 }
    if (!this.#sees('{')) return null
    const match = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(this.#text.slice(this.#at))
    if (match === null) throw this.trouble('a { that begins no repeat', 'write \\{ for the sign')
    const min = Number(match[1])
    const max = match[2] === undefined ? min : match[3] === undefined ? Infinity : Number(match[3])
    if (max < min || min > repeatLimit || (max > repeatLimit && max !== Infinity))
      throw this.trouble(`${match[0]} is no repeat`, `the numbers rise and stay under ${repeatLimit}`)
    this.#at += match[0].length
    return { min, max }
  }

  #atom(): Pattern {
    const began = this.#at
    const char = this.#next()
    switch (char) {
      case '^':
        return { type: 'anchor', at: 'start' }
      case '$':
        return { type: 'anchor', at: 'end' }
      case '.':
        return { type: 'set', set: complement(newline) }
      case '(':
        return this.#group(began)
      case '[':
        return { type: 'set', set: this.#cased(this.#charClass(began)) }
      case '\\':
        return this.#escapedAtom(began)
      case '*':
      case '+':
      case '?':
        throw this.trouble(`a ${char} with nothing before it`, `write \\${char} for the sign`, began)
      case '{':
      case '}':
      case ']':
        throw this.trouble(`a ${char} that belongs to nothing`, `write \\${char} for the sign`, began)
      default:
        return { type: 'set', set: this.#cased(single(char.codePointAt(0) ?? 0)) }
    }
  }

  #group(began: number): Pattern {
    if (this.#take('?')) {
      const name = /^<[A-Za-z]\w*>/.exec(this.#text.slice(this.#at))
      if (name !== null) this.#at += name[0].length
      else if (!this.#take(':'))
        throw this.trouble(
          'groups that look ahead or back, or set options, cannot be found in linear time here',
          'use ( ), (?: ), or (?i) at the very start',
          began,
        )
    }
    const inside = this.choice()
    if (!this.#take(')')) throw this.trouble('a group that is not closed', 'close it with )', began)
    return inside
  }

  #escapedAtom(began: number): Pattern {
    if (this.#take('b')) return { type: 'border', isBorder: true }
    if (this.#take('B')) return { type: 'border', isBorder: false }
    return { type: 'set', set: this.#cased(this.#escape(began)) }
  }

  #escape(began: number): CharSet {
    if (this.isAtEnd) throw this.trouble('a \\ with nothing after it', 'write \\\\ for the sign', began)
    const char = this.#next()
    const known = Object.hasOwn(escapes, char) ? escapes[char] : undefined
    if (known !== undefined) return known
    if (char === 'x' || char === 'u') return single(this.#codePoint(char, began))
    if (/\d/.test(char) || char === 'k')
      throw this.trouble(
        'references to what a group found need more than linear time',
        'say it without them',
        began,
      )
    if (/[A-Za-z]/.test(char))
      throw this.trouble(`\\${char} is not known here`, 'say it with a class, such as [a-z]', began)
    return single(char.codePointAt(0) ?? 0)
  }

  #codePoint(kind: 'x' | 'u', began: number): number {
    const form = kind === 'x' ? /^([0-9a-f]{2})/i : /^(?:([0-9a-f]{4})|\{([0-9a-f]{1,6})\})/i
    const match = form.exec(this.#text.slice(this.#at))
    const point = Number.parseInt(match?.[1] ?? match?.[2] ?? 'none', 16)
    if (match === null || !(point <= 0x10ffff))
      throw this.trouble(`\\${kind} names no character`, 'write it as \\x41, \\u0041 or \\u{1f600}', began)
    this.#at += match[0].length
    return point
  }

  #charClass(began: number): CharSet {
    const isNegated = this.#take('^')
    const sets: CharSet[] = []
    while (!this.#take(']')) {
      if (this.isAtEnd) throw this.trouble('a class that is not closed', 'close it with ]', began)
      sets.push(this.#classItem())
    }
    if (sets.length === 0) throw this.trouble('a class with nothing in it', 'write \\[ for the sign', began)
    const set = this.#cased(union(sets))
    return isNegated ? complement(set) : set
  }

  #classItem(): CharSet {
    const began = this.#at
    const first = this.#classChar()
    if (!this.#sees('-') || this.#text[this.#at + 1] === ']') return first
    this.#at += 1
    if (this.isAtEnd) throw this.trouble('a class that is not closed', 'close it with ]', began)
    const last = this.#classChar()
    const [from, fromEnd] = first
    const [to, toEnd] = last
    if (from === undefined || to === undefined || from !== fromEnd || to !== toEnd || from > to)
      throw this.trouble('a range that does not rise', 'write it as a-z, or \\- for the sign', began)
    return [from, to]
  }

  #classChar(): CharSet {
    const began = this.#at
    const char = this.#next()
    if (char === '[') throw this.trouble('a [ inside a class', 'write \\[ for the sign', began)
    if (char !== '\\') return single(char.codePointAt(0) ?? 0)
    if (this.#take('b')) return single(0x08)
    return this.#escape(began)
  }

  #cased(set: CharSet): CharSet {
    return this.#ignoresCase ? bothCases(set) : set
  }

  #next(): string {
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0)
    this.#at += char.length
    return char
  }

  #sees(char: string): boolean {
    return this.#text[this.#at] === char
  }

  #take(char: string): boolean {
    const isThere = this.#sees(char)
    if (isThere) this.#at += 1
    return isThere
  }
}
