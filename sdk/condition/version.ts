/** Versions as semver.org orders them: `v` before and build after them are left out, missing parts are 0. */

type Sense = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | '^'

/** What one comparison of a constraint asks for. */
type Bound = Readonly<{ sense: Sense; version: Version }>

/** A version; `pre` is what makes it one before the release, or ''. */
type Version = { major: number; minor: number; patch: number; pre: string }

const comparison = /^(=|!=|<=|<|>=|>|~|\^)?(v?\d[0-9A-Za-z.+-]*)$/

/**
 * Whether a version fulfils a constraint such as `>=2.1.0 <3`: comparisons with spaces between, all of which must hold.
 * `~1.2.3` and `^1.2.3` are at least that version with the same major and, for `~`, minor. Null when it is none.
 */
export function versionTest(constraint: string): ((text: string) => boolean) | null {
  const bounds = constraint.trim().split(/\s+/).map(boundOf)
  const known = bounds.filter((bound) => bound !== null)
  if (known.length < bounds.length) return null
  const seen: Version = { major: 0, minor: 0, patch: 0, pre: '' }
  return (text) => {
    if (!readVersion(text, seen)) return false
    for (const bound of known) if (!fulfils(seen, bound)) return false
    return true
  }
}

function boundOf(word: string): Bound | null {
  const match = comparison.exec(word)
  const version: Version = { major: 0, minor: 0, patch: 0, pre: '' }
  if (match === null || !readVersion(match[2] ?? '', version)) return null
  return { sense: (match[1] ?? '=') as Sense, version }
}

function fulfils(seen: Version, { sense, version }: Bound): boolean {
  const order = compare(seen, version)
  switch (sense) {
    case '=':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    case '^':
      return order >= 0 && seen.major === version.major
    case '~':
      return order >= 0 && seen.major === version.major && seen.minor === version.minor
  }
}

const textLimit = 256

/** Reads a text into `into`; false when it is no version. Nothing is allocated but for what is before a release. */
function readVersion(text: string, into: Version): boolean {
  if (text.length > textLimit) return false
  let at = text.charCodeAt(0) === 0x76 ? 1 : 0
  for (let part = 0; part < 3; part += 1) {
    const began = at
    let number = 0
    while (isDigit(text.charCodeAt(at))) number = number * 10 + text.charCodeAt(at++) - 48
    if (at === began || at - began > 9 || (at - began > 1 && text.charCodeAt(began) === 48)) return false
    setPart(into, part, number)
    if (text.charCodeAt(at) !== 0x2e) {
      for (let missing = part + 1; missing < 3; missing += 1) setPart(into, missing, 0)
      break
    }
    if (part === 2) return false
    at += 1
  }
  return readRest(text, at, into)
}

function setPart(into: Version, part: number, number: number): void {
  if (part === 0) into.major = number
  else if (part === 1) into.minor = number
  else into.patch = number
}

/** What follows the numbers: `-beta.1`, `+build`, both or nothing. */
function readRest(text: string, at: number, into: Version): boolean {
  into.pre = ''
  if (at === text.length) return true
  const plus = text.indexOf('+', at)
  const end = plus === -1 ? text.length : plus
  if (plus !== -1 && !areNames(text, plus + 1, text.length)) return false
  if (at === end) return true
  if (text.charCodeAt(at) !== 0x2d || !areNames(text, at + 1, end)) return false
  into.pre = text.slice(at + 1, end)
  return true
}

/** Letters, digits and hyphens, with single dots between. */
function areNames(text: string, from: number, to: number): boolean {
  let size = 0
  for (let at = from; at < to; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === 0x2e && size === 0) return false
    if (unit !== 0x2e && unit !== 0x2d && !isDigit(unit) && !isLetter(unit)) return false
    size = unit === 0x2e ? 0 : size + 1
  }
  return size > 0
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57
}

function isLetter(unit: number): boolean {
  return (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122)
}

/** Less than 0 when `a` comes before `b`. */
function compare(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePre(a.pre, b.pre)
}

function comparePre(a: string, b: string): number {
  if (a === b) return 0
  if (a === '' || b === '') return a === '' ? 1 : -1
  const [left, right] = [a.split('.'), b.split('.')]
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const order = compareNames(left[at] ?? '', right[at] ?? '')
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** Numbers come before words, and are compared as numbers of any length. */
function compareNames(a: string, b: string): number {
  const [isNumber, areBoth] = [/^\d+$/.test(a), /^\d+$/.test(a) && /^\d+$/.test(b)]
  if (areBoth) {
    const [left, right] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')]
    return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0)
  }
  if (isNumber !== /^\d+$/.test(b)) return isNumber ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}
