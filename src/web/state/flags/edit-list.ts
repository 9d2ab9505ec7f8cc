/** The list with another one at a place; null takes it out. */
export function withAt<T>(list: readonly T[], at: number, one: T | null): readonly T[] {
  return one === null ? list.toSpliced(at, 1) : list.with(at, one)
}

/** The list with the one at a place moved by so many; unaltered where that leads out of it. */
export function movedBy<T>(list: readonly T[], at: number, by: number): readonly T[] {
  const [to, one] = [at + by, list[at]]
  if (one === undefined || to < 0 || to >= list.length) return list
  return list.toSpliced(at, 1).toSpliced(to, 0, one)
}
