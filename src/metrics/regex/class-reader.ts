import { type CharSet, complement, union } from '../../../sdk/regex/set.ts'
import { foldedSet, perlClass, posixClass, unicodeClass } from './classes.ts'
import { escapedPoint } from './escape.ts'
import { PatternTrouble } from './trouble.ts'

/** The place in an expression that is being read. */
export type Reading = {
  readonly text: string
  at: number
  readonly ignoresCase: boolean
  /** Classes of Unicode that were read already; to find out what is in one takes a while. */
  readonly known: Map<string, CharSet | null>
  peek: () => string
  take: () => string
  sees: (sign: string) => boolean
  accept: (sign: string) => boolean
}

const noRange = 'invalid character class range'

/** Reads a class whose `[` has been read. */
export function bracketClass(reading: Reading): CharSet {
  const from = reading.at - 1
  const isNegated = reading.accept('^')
  const sets: CharSet[] = []
  let isFirst = true
  while (isFirst || !reading.sees(']')) {
    isFirst = false
    sets.push(classItem(reading, from))
  }
  reading.take()
  const set = union(sets)
  const folded = reading.ignoresCase ? foldedSet(set) : set
  return isNegated ? complement(folded) : folded
}

function classItem(reading: Reading, classFrom: number): CharSet {
  const named = namedClass(reading)
  if (named !== null) return named
  if (reading.accept('\\')) {
    const set = unicodeEscape(reading) ?? perlEscape(reading)
    if (set !== null) return set
    reading.at -= 1
  }
  const from = reading.at
  const first = classPoint(reading, classFrom)
  const next = reading.text[reading.at + 1]
  if (!reading.sees('-') || next === ']' || next === undefined) return [first, first]
  reading.take()
  const last = classPoint(reading, classFrom)
  if (last < first) throw new PatternTrouble(noRange, reading.text.slice(from, reading.at))
  return [first, last]
}

/** `[:alpha:]`; what only looks like it is read as single characters. */
function namedClass(reading: Reading): CharSet | null {
  if (!reading.text.startsWith('[:', reading.at)) return null
  const end = reading.text.indexOf(':]', reading.at + 2)
  if (end === -1) return null
  const set = posixClass(reading.text.slice(reading.at + 2, end))
  if (set === null) throw new PatternTrouble(noRange, reading.text.slice(reading.at, end + 2))
  reading.at = end + 2
  return set
}

function classPoint(reading: Reading, classFrom: number): number {
  if (reading.peek() === '') throw new PatternTrouble('missing closing ]', reading.text.slice(classFrom))
  if (reading.accept('\\')) return escapedPoint(reading)
  return reading.take().codePointAt(0) ?? 0
}

/** `\\d`, `\\W` and the like, after the backslash; null when something else follows. */
export function perlEscape(reading: Reading): CharSet | null {
  const set = perlClass(reading.peek())
  if (set !== null) reading.take()
  return set
}

/** `\pL`, `\p{Greek}`, `\P{Lu}`, `\p{^L}`, after the backslash; null when something else follows. */
export function unicodeEscape(reading: Reading): CharSet | null {
  const match = /^([pP])(?:\{(\^?)([^}]*)\}|(.))/su.exec(reading.text.slice(reading.at))
  if (match === null) {
    if (!reading.sees('p') && !reading.sees('P')) return null
    throw new PatternTrouble(noRange, reading.text.slice(reading.at - 1))
  }
  const [whole, letter, hat = '', name, short = ''] = match
  const set = knownClass(reading, name ?? short)
  if (set === null) throw new PatternTrouble(noRange, `\\${whole}`)
  reading.at += whole.length
  return (letter === 'P') !== (hat === '^') ? complement(set) : set
}

const classLimit = 20

function knownClass({ known, text }: Reading, name: string): CharSet | null {
  const set = known.get(name) ?? unicodeClass(name)
  known.set(name, set)
  if (known.size > classLimit) throw new PatternTrouble('expression too large', text)
  return set
}
