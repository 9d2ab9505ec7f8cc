import { complement, single } from '../../../sdk/regex/set.ts'
import { foldedSet } from './classes.ts'
import { bracketClass, perlEscape, type Reading, unicodeEscape } from './class-reader.ts'
import { escapedPoint } from './escape.ts'
import type { Tree } from './tree.ts'
import { PatternTrouble } from './trouble.ts'

const repeatLimit = 1000
const depthLimit = 1000

type Flags = Readonly<{
  ignoresCase: boolean
  isMultiline: boolean
  dotTakesAll: boolean
  isUngreedy: boolean
}>

const noFlags: Flags = { ignoresCase: false, isMultiline: false, dotTakesAll: false, isUngreedy: false }

/** Reads an expression in the syntax of RE2. Throws PatternTrouble on what is none. */
export function parsePattern(text: string): Tree {
  return new Reader(text).whole()
}

class Reader implements Reading {
  readonly text: string
  readonly known: Reading['known'] = new Map()
  at = 0
  #flags = noFlags
  #groups = 0
  #depth = 0

  constructor(text: string) {
    this.text = text
  }

  get ignoresCase(): boolean {
    return this.#flags.ignoresCase
  }

  whole(): Tree {
    const tree = this.#choice()
    if (this.at < this.text.length) throw new PatternTrouble('unexpected )', this.text)
    return tree
  }

  #choice(): Tree {
    this.#depth += 1
    if (this.#depth > depthLimit) throw new PatternTrouble('expression nests too deeply', this.text)
    const parts = [this.#sequence()]
    while (this.accept('|')) parts.push(this.#sequence())
    this.#depth -= 1
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { type: 'choice', parts }
  }

  #sequence(): Tree {
    const parts: Tree[] = []
    let lastRepeat: number | null = null
    while (this.at < this.text.length && !this.sees('|') && !this.sees(')')) {
      const from = this.at
      const times = this.#times()
      if (times === null) {
        lastRepeat = null
        parts.push(...this.#atom())
        continue
      }
      const part = parts.pop()
      const written = this.text.slice(from, this.at)
      if (
        times.min > repeatLimit ||
        (times.max > repeatLimit && times.max !== Infinity) ||
        times.max < times.min
      )
        throw new PatternTrouble('invalid repeat count', written.replace(/\?$/, ''))
      if (part === undefined) throw new PatternTrouble('missing argument to repetition operator', written)
      if (lastRepeat !== null)
        throw new PatternTrouble('invalid nested repetition operator', this.text.slice(lastRepeat, this.at))
      lastRepeat = from
      parts.push({ type: 'repeat', part, ...times })
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { type: 'sequence', parts }
  }

  #times(): Readonly<{ min: number; max: number; isLazy: boolean }> | null {
    const counted = this.sees('{')
      ? /^\{(\d+)(?:(,)(\d+)?)?\}/.exec(this.text.slice(this.at, this.at + 30))
      : null
    let range: Readonly<{ min: number; max: number }>
    if (this.accept('*')) range = { min: 0, max: Infinity }
    else if (this.accept('+')) range = { min: 1, max: Infinity }
    else if (this.accept('?')) range = { min: 0, max: 1 }
    else if (counted !== null) {
      this.at += counted[0].length
      const min = Number(counted[1])
      const max = counted[2] === undefined ? min : counted[3] === undefined ? Infinity : Number(counted[3])
      range = { min, max }
    } else return null
    return { ...range, isLazy: this.accept('?') !== this.#flags.isUngreedy }
  }

  /** One thing that can be repeated; nothing for flags, and several for a quotation. */
  #atom(): readonly Tree[] {
    const sign = this.take()
    switch (sign) {
      case '(':
        return this.#opened()
      case '[':
        return [{ type: 'set', set: bracketClass(this) }]
      case '.':
        return [{ type: 'set', set: this.#flags.dotTakesAll ? [0, 0x10ffff] : complement(single(0x0a)) }]
      case '^':
        return [{ type: 'place', at: this.#flags.isMultiline ? 'line start' : 'text start' }]
      case '$':
        return [{ type: 'place', at: this.#flags.isMultiline ? 'line end' : 'text end' }]
      case '\\':
        return this.#escape()
      default:
        return [this.#literal(sign.codePointAt(0) ?? 0)]
    }
  }

  #literal(point: number): Tree {
    const set = single(point)
    return { type: 'set', set: this.ignoresCase ? foldedSet(set) : set }
  }

  #escape(): readonly Tree[] {
    if (this.accept('A')) return [{ type: 'place', at: 'text start' }]
    if (this.accept('z')) return [{ type: 'place', at: 'text end' }]
    if (this.accept('b')) return [{ type: 'place', at: 'word' }]
    if (this.accept('B')) return [{ type: 'place', at: 'no word' }]
    if (this.accept('Q')) return this.#quotation()
    const set = unicodeEscape(this) ?? perlEscape(this)
    return [set === null ? this.#literal(escapedPoint(this)) : { type: 'set', set }]
  }

  #quotation(): readonly Tree[] {
    const end = this.text.indexOf('\\E', this.at)
    const quoted = this.text.slice(this.at, end === -1 ? undefined : end)
    this.at = end === -1 ? this.text.length : end + 2
    return Array.from(quoted, (sign) => this.#literal(sign.codePointAt(0) ?? 0))
  }

  #opened(): readonly Tree[] {
    if (!this.sees('?')) return [this.#group('')]
    const from = this.at - 1
    if (this.text.startsWith('?P<', this.at)) return [this.#group(this.#groupName(from))]
    const outer = this.#flags
    const ends = this.#readFlags(from)
    // Flags without a group hold to the end of the group around them.
    if (ends === ')') return []
    const part = this.#choice()
    this.#close()
    this.#flags = outer
    return [part]
  }

  #group(name: string): Tree {
    const outer = this.#flags
    this.#groups += 1
    const number = this.#groups
    const part = this.#choice()
    this.#close()
    this.#flags = outer
    return { type: 'group', part, number, name }
  }

  #close(): void {
    if (!this.accept(')')) throw new PatternTrouble('missing closing )', this.text)
  }

  #groupName(from: number): string {
    const end = this.text.indexOf('>', this.at)
    if (end === -1) throw new PatternTrouble('invalid named capture', this.text.slice(from))
    const name = this.text.slice(this.at + 3, end)
    if (!/^[A-Za-z0-9_]+$/.test(name))
      throw new PatternTrouble('invalid named capture', this.text.slice(from, end + 1))
    this.at = end + 1
    return name
  }

  /** Reads `?i-s:` or `?i)`, and says which sign ended it. */
  #readFlags(from: number): ':' | ')' {
    this.take()
    const given: Record<string, boolean> = {}
    let isSet = true
    let hasFlag = true
    while (this.at < this.text.length) {
      const sign = this.take()
      if ('imsU'.includes(sign)) {
        given[sign] = isSet
        hasFlag = true
      } else if (sign === '-' && isSet) {
        isSet = false
        hasFlag = false
      } else if ((sign === ':' || sign === ')') && hasFlag) {
        this.#flags = {
          ignoresCase: given['i'] ?? this.#flags.ignoresCase,
          isMultiline: given['m'] ?? this.#flags.isMultiline,
          dotTakesAll: given['s'] ?? this.#flags.dotTakesAll,
          isUngreedy: given['U'] ?? this.#flags.isUngreedy,
        }
        return sign
      } else break
    }
    throw new PatternTrouble('invalid or unsupported Perl syntax', this.text.slice(from, this.at))
  }

  peek(): string {
    const point = this.text.codePointAt(this.at)
    return point === undefined ? '' : String.fromCodePoint(point)
  }

  take(): string {
    const sign = this.peek()
    this.at += sign.length
    return sign
  }

  sees(sign: string): boolean {
    return this.text[this.at] === sign
  }

  accept(sign: string): boolean {
    const isThere = this.sees(sign)
    if (isThere) this.at += sign.length
    return isThere
  }
}
