/** Numbers that look random and are the same for the same seed, on every machine. */
export type Random = Readonly<{
  seed: number
  /** At least 0, less than 1. */
  next: () => number
  /** A whole number from low to high, both included. */
  between: (low: number, high: number) => number
  pick: <T>(list: readonly T[]) => T
}>

/** A source of numbers for a seed (mulberry32); the seed is taken modulo 2^32. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  const pick = <T>(list: readonly T[]): T => {
    const chosen = list[between(0, list.length - 1)]
    if (chosen === undefined) throw new Error('nothing to pick from: the list is empty')
    return chosen
  }
  return { seed: seed >>> 0, next, between, pick }
}
