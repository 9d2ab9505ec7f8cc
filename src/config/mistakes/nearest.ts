/** The known name that was probably meant, or `null` when none is near: about one slip in three letters. */
export function nearest(word: string, known: readonly string[]): string | null {
  const slips = Math.max(1, Math.floor(word.length / 3))
  let best: { name: string; distance: number } | null = null
  for (const name of known) {
    const distance = slipsBetween(word.toLowerCase(), name.toLowerCase())
    if (distance <= slips && (best === null || distance < best.distance)) best = { name, distance }
  }
  return best === null ? null : best.name
}

/** Damerau's distance: letters put in, left out, mistaken, and neighbours swapped. */
export function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number) => rows[i]?.[j] ?? Infinity
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i]
    for (let j = 1; j <= b.length; j++) {
      const mistaken = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      rows[i]?.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + mistaken, swapped))
    }
  }
  return at(a.length, b.length)
}

/** `'a', 'b' or 'c'`. */
export function oneOf(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`)
  return quoted.length < 2 ? quoted.join() : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}
