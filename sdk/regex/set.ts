/** Sets of code points: sorted ranges that do not touch, `[first, last, first, last …]`. */
export type CharSet = readonly number[]

const lastPoint = 0x10ffff

export const digits: CharSet = [0x30, 0x39]
export const wordLetters: CharSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a]
export const spaces: CharSet = [0x09, 0x0d, 0x20, 0x20]
export const newline: CharSet = [0x0a, 0x0a]

export function single(point: number): CharSet {
  return [point, point]
}

export function union(sets: readonly CharSet[]): CharSet {
  const ranges = sets.flatMap((set) => pairsOf(set)).toSorted(([a], [b]) => a - b)
  const joined: number[] = []
  for (const [first, last] of ranges) {
    const end = joined.at(-1)
    if (end !== undefined && first <= end + 1) joined[joined.length - 1] = Math.max(end, last)
    else joined.push(first, last)
  }
  return joined
}

export function complement(set: CharSet): CharSet {
  const gaps: number[] = []
  let next = 0
  for (const [first, last] of pairsOf(set)) {
    if (first > next) gaps.push(next, first - 1)
    next = last + 1
  }
  if (next <= lastPoint) gaps.push(next, lastPoint)
  return gaps
}

/** The set with the other case of each ASCII letter that is in it. */
export function bothCases(set: CharSet): CharSet {
  const other = pairsOf(set).flatMap(([first, last]) => [
    ...shifted(Math.max(first, 0x41), Math.min(last, 0x5a), 0x20),
    ...shifted(Math.max(first, 0x61), Math.min(last, 0x7a), -0x20),
  ])
  return union([set, ...other])
}

function shifted(first: number, last: number, by: number): readonly CharSet[] {
  return first > last ? [] : [[first + by, last + by]]
}

function pairsOf(set: CharSet): readonly (readonly [number, number])[] {
  return set.flatMap((first, at) => (at % 2 === 0 ? [[first, set[at + 1] ?? first] as const] : []))
}
