import { parsePattern } from './parse.ts'
import { type Program, programOf } from './program.ts'
import type { CharSet } from './set.ts'

/** Longer texts match no pattern: that bounds how long one evaluation can take. */
export const matchedLimit = 4096

/**
 * Whether the pattern is found anywhere in a text, in time that grows with the length of both and no faster, whatever
 * they are. Throws PatternTrouble on a pattern outside the subset.
 */
export function matcherOf(pattern: string): (text: string) => boolean {
  const search = new Search(programOf(parsePattern(pattern)))
  return (text) => text.length <= matchedLimit && search.finds(text)
}

const set = 0
const fork = 1
const start = 2
const end = 3
const border = 4
const noBorder = 5
const found = 6

/**
 * Follows all ways through the program at once, one character after the other (Thompson, 1968). Its lists are made once
 * and used again for each text, so that a search allocates nothing.
 */
class Search {
  readonly #kinds: Uint8Array
  readonly #forks: readonly Int32Array[]
  readonly #ascii: readonly Uint8Array[]
  readonly #sets: readonly Int32Array[]
  readonly #isAnchored: boolean
  /** When each step was last put on the list. */
  readonly #marks: Int32Array
  readonly #pending: Int32Array
  #now: Int32Array
  #nowCount = 0
  #next: Int32Array
  #nextCount = 0

  constructor(program: Program) {
    const forks = program.map((step) => (step.type === 'fork' ? step.to : []))
    this.#kinds = Uint8Array.from(program, kindOf)
    this.#forks = forks.map((to) => Int32Array.from(to))
    this.#sets = program.map((step) => Int32Array.from(step.type === 'set' ? step.set : []))
    this.#ascii = program.map((step) => asciiOf(step.type === 'set' ? step.set : []))
    this.#isAnchored = this.#kinds[0] === start
    this.#marks = new Int32Array(program.length)
    this.#pending = new Int32Array(1 + program.length + forks.flat().length)
    this.#now = new Int32Array(program.length)
    this.#next = new Int32Array(program.length)
  }

  finds(text: string): boolean {
    this.#marks.fill(-1)
    this.#nowCount = 0
    let at = 0
    for (;;) {
      if ((at === 0 || !this.#isAnchored) && this.#enter(0, text, at)) return true
      const last = this.#now
      this.#now = this.#next
      this.#nowCount = this.#nextCount
      this.#next = last
      this.#nextCount = 0
      if (at >= text.length || (this.#nowCount === 0 && this.#isAnchored)) {
        this.#nextCount = 0
        return false
      }
      const point = text.codePointAt(at) ?? 0
      at += point > 0xffff ? 2 : 1
      if (this.#advance(point, text, at)) return true
    }
  }

  /** Takes each way that goes on with this character to the place after it. */
  #advance(point: number, text: string, at: number): boolean {
    for (let each = 0; each < this.#nowCount; each += 1) {
      const step = this.#now[each] ?? 0
      if (this.#holds(step, point) && this.#enter(step + 1, text, at)) return true
    }
    return false
  }

  #holds(step: number, point: number): boolean {
    if (point < 128) return this.#ascii[step]?.[point] === 1
    const ranges = this.#sets[step]
    if (ranges === undefined) return false
    for (let at = 0; at < ranges.length; at += 2)
      if (point <= (ranges[at + 1] ?? -1)) return point >= (ranges[at] ?? 0)
    return false
  }

  /** Puts a step, and all that can be reached from it without a character, on the next list; true when it is the end. */
  #enter(first: number, text: string, at: number): boolean {
    let count = 1
    this.#pending[0] = first
    while (count > 0) {
      count -= 1
      const step = this.#pending[count] ?? 0
      if (this.#marks[step] === at) continue
      this.#marks[step] = at
      const kind = this.#kinds[step]
      if (kind === found) {
        this.#nextCount = 0
        return true
      }
      if (kind === set) {
        this.#next[this.#nextCount] = step
        this.#nextCount += 1
      } else if (kind === fork) {
        const to = this.#forks[step]
        for (let each = 0; to !== undefined && each < to.length; each += 1) {
          this.#pending[count] = to[each] ?? 0
          count += 1
        }
      } else if (isPlace(kind, text, at)) {
        this.#pending[count] = step + 1
        count += 1
      }
    }
    return false
  }
}

function kindOf(step: Program[number]): number {
  switch (step.type) {
    case 'set':
      return set
    case 'fork':
      return fork
    case 'anchor':
      return step.at === 'start' ? start : end
    case 'border':
      return step.isBorder ? border : noBorder
    case 'found':
      return found
  }
}

function asciiOf(ranges: CharSet): Uint8Array {
  const bits = new Uint8Array(128)
  for (let at = 0; at < ranges.length; at += 2)
    for (let point = ranges[at] ?? 0; point <= Math.min(ranges[at + 1] ?? -1, 127); point += 1)
      bits[point] = 1
  return bits
}

function isPlace(kind: number | undefined, text: string, at: number): boolean {
  if (kind === start) return at === 0
  if (kind === end) return at === text.length
  return (isWordLetter(text, at - 1) !== isWordLetter(text, at)) === (kind === border)
}

function isWordLetter(text: string, at: number): boolean {
  if (at < 0 || at >= text.length) return false
  const unit = text.charCodeAt(at)
  return (
    (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 97 && unit <= 122)
  )
}
