import { type CharSet, complement, union } from '../../../sdk/regex/set.ts'

const lastPoint = 0x10ffff

/** `\d`, `\s` and `\w`; their capitals are everything else. */
const perl: Readonly<Record<string, CharSet>> = {
  d: [0x30, 0x39],
  s: [0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x20],
  w: [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a],
}

export function perlClass(letter: string): CharSet | null {
  const set = perl[letter.toLowerCase()]
  if (set === undefined) return null
  return letter === letter.toLowerCase() ? set : complement(set)
}

const posix: Readonly<Record<string, CharSet>> = {
  alnum: [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a],
  alpha: [0x41, 0x5a, 0x61, 0x7a],
  ascii: [0x00, 0x7f],
  blank: [0x09, 0x09, 0x20, 0x20],
  cntrl: [0x00, 0x1f, 0x7f, 0x7f],
  digit: [0x30, 0x39],
  graph: [0x21, 0x7e],
  lower: [0x61, 0x7a],
  print: [0x20, 0x7e],
  punct: [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e],
  space: [0x09, 0x0d, 0x20, 0x20],
  upper: [0x41, 0x5a],
  word: [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a],
  xdigit: [0x30, 0x39, 0x41, 0x46, 0x61, 0x66],
}

/** The class that `[:NAME:]` or `[:^NAME:]` names. */
export function posixClass(name: string): CharSet | null {
  if (name.startsWith('^')) {
    const set = posix[name.slice(1)]
    return set === undefined ? null : complement(set)
  }
  return posix[name] ?? null
}

/** The characters of a category (`L`, `Nd`) or a script (`Greek`); `Any` has all of them. */
export function unicodeClass(name: string): CharSet | null {
  if (name === 'Any') return [0, lastPoint]
  if (!/^[A-Za-z_]+$/.test(name)) return null
  const test = propertyTest(name.length <= 2 ? name : `Script=${name}`)
  return test === null ? null : pointsWhere(test)
}

function propertyTest(property: string): RegExp | null {
  try {
    return new RegExp(`^\\p{${property}}$`, 'u')
  } catch {
    return null
  }
}

/** Planes without characters, and those for private use: what is true of one of them is true of all. */
const alike: readonly (readonly [first: number, last: number])[] = [
  [0x40000, 0xdffff],
  [0xe0200, 0xeffff],
  [0xf0000, 0xffffd],
  [0xffffe, 0xfffff],
  [0x100000, 0x10fffd],
  [0x10fffe, lastPoint],
]

function pointsWhere(test: RegExp): CharSet {
  const ranges: number[] = []
  const add = (first: number, last: number): void => {
    if (!test.test(String.fromCodePoint(first))) return
    if (ranges.at(-1) === first - 1) ranges[ranges.length - 1] = last
    else ranges.push(first, last)
  }
  let next = 0
  for (const [first, last] of alike) {
    for (let point = next; point < first; point += 1) add(point, point)
    add(first, last)
    next = last + 1
  }
  return ranges
}

/** Letters that are the same but for their case, where upper and lower case do not tell. */
const kin: readonly (readonly number[])[] = [
  [0x4b, 0x6b, 0x212a],
  [0x53, 0x73, 0x17f],
  [0xb5, 0x39c, 0x3bc],
  [0xc5, 0xe5, 0x212b],
  [0x392, 0x3b2, 0x3d0],
  [0x395, 0x3b5, 0x3f5],
  [0x398, 0x3b8, 0x3d1, 0x3f4],
  [0x399, 0x3b9, 0x345, 0x1fbe],
  [0x39a, 0x3ba, 0x3f0],
  [0x3a0, 0x3c0, 0x3d6],
  [0x3a1, 0x3c1, 0x3f1],
  [0x3a3, 0x3c2, 0x3c3],
  [0x3a6, 0x3c6, 0x3d5],
  [0x3a9, 0x3c9, 0x2126],
]

/** The last letter that has another case. */
const lastCased = 0x1e943

/** The set with all other cases of what is in it. */
export function foldedSet(set: CharSet): CharSet {
  const more: CharSet[] = [set]
  for (let at = 0; at < set.length; at += 2)
    for (let point = set[at] ?? 0; point <= Math.min(set[at + 1] ?? -1, lastCased); point += 1)
      more.push(...otherCases(point).map((other) => [other, other]))
  return union(more)
}

function otherCases(point: number): readonly number[] {
  const family = kin.find((points) => points.includes(point)) ?? []
  const letter = String.fromCodePoint(point)
  const cases = [letter.toLowerCase(), letter.toUpperCase()].filter((other) => Array.from(other).length === 1)
  const points = cases.map((other) => other.codePointAt(0) ?? point)
  // Beyond ASCII some letters turn into ASCII ones (İ to i) that are no case of theirs.
  return [...family, ...points.filter((other) => other !== point && (point < 0x80 || other >= 0x80))]
}
