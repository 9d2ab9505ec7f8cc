import { metricName } from '../../labels.ts'
import type { Said } from '../join-labels.ts'
import { labelFault, type LabelLimits } from '../label-limits.ts'
import { Unreadable } from '../unreadable.ts'

const name = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y
const quoted = /"((?:[^"\\\n]|\\.)*)"/y
const blanks = /[ \t]*/y
const escape = /\\(.)/g

/**
 * Reads what stands before the value on a line of a sample: `name`, `name{label="value"}`, or with names in quotes
 * `{"name", "label"="value"}`. Throws Unreadable, with the column.
 */
export function readSeries(text: string, limits: LabelLimits): Said {
  const reader = new SeriesReader(text)
  const said = reader.read()
  const fault = labelFault(said, limits)
  if (fault !== null) throw new Unreadable(fault)
  return said
}

class SeriesReader {
  readonly #text: string
  readonly #said = new Map<string, string>()
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): Said {
    const bare = this.#match(name)
    if (bare !== null) this.#say(metricName, bare[0])
    this.#skip()
    if (this.#take('{')) this.#readLabels()
    else if (bare === null) throw this.#expected('the name of a metric')
    if (this.#at < this.#text.length) throw this.#expected('a blank and the value')
    if (!this.#said.has(metricName)) throw this.#expected('the name of a metric')
    return this.#said
  }

  #readLabels(): void {
    for (this.#skip(); !this.#take('}'); this.#skip()) {
      this.#readLabel()
      this.#skip()
      if (this.#take(',')) continue
      if (this.#text[this.#at] !== '}') throw this.#expected('"," or "}"')
    }
  }

  #readLabel(): void {
    const inQuotes = this.#match(quoted)
    const bare = inQuotes === null ? this.#match(labelName) : null
    const label = inQuotes === null ? bare?.[0] : unescaped(inQuotes[1] ?? '')
    if (label === undefined || label === '') throw this.#expected('the name of a label, or "}"')
    this.#skip()
    if (!this.#take('=')) {
      if (inQuotes === null) throw this.#expected('"="')
      return this.#say(metricName, label)
    }
    this.#skip()
    const value = this.#match(quoted)
    if (value === null) throw this.#expected('a value in quotes')
    this.#say(label, unescaped(value[1] ?? ''))
  }

  #say(label: string, value: string): void {
    if (this.#said.has(label)) throw new Unreadable(`${label} is said twice`)
    this.#said.set(label, value)
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match !== null) this.#at += match[0].length
    return match
  }

  #skip(): void {
    this.#match(blanks)
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false
    this.#at += 1
    return true
  }

  #expected(what: string): Unreadable {
    const found = this.#text.slice(this.#at, this.#at + 20)
    const there = found === '' ? 'the end of it' : JSON.stringify(found)
    return new Unreadable(`column ${this.#at + 1}: expected ${what}, found ${there}`)
  }
}

/** `\n`, `\"` and `\\`; a backslash before anything else stands for itself. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replaceAll(escape, (all, sign: string) =>
    sign === 'n' ? '\n' : sign === '"' || sign === '\\' ? sign : all,
  )
}
