/** Where something stands in a definition: `['rules', 0, 'when', 'op']`. */
export type Path = readonly (string | number)[]

/** One thing that is wrong in a definition: where, what, and what to do now. */
export type Mistake = Readonly<{ path: Path; what: string; now: string }>

/** `rules[0].when.op`; a key that is no plain word is quoted. */
export function written(path: Path): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`
    return /^[\w$-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`
  })
  return steps.join('').replace(/^\./, '')
}

/** One line for a person. */
export function said({ path, what, now }: Mistake): string {
  const where = written(path)
  return `${where === '' ? '' : `${where}: `}${what}; ${now}`
}

/** A value as a sentence shows it: `'3000'`, `12`, `a list`. */
export function shown(found: unknown): string {
  if (typeof found === 'string') return `'${found.length > 60 ? `${found.slice(0, 57)}…` : found}'`
  if (Array.isArray(found)) return found.length === 0 ? 'an empty list' : 'a list'
  if (found === null || found === undefined) return 'nothing'
  return typeof found === 'object' ? 'an object' : `${JSON.stringify(found)}`
}

/** `'a', 'b' or 'c'`. */
export function oneOf(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`)
  return quoted.length < 2 ? quoted.join() : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}

/** What to do about a word that is not known: the one that was probably meant, else some that are. */
export function meant(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  if (near !== null) return `did you mean '${near}'?`
  if (known.length === 0) return 'there are none yet'
  return known.length <= 20
    ? `it is one of ${oneOf(known)}`
    : `there are ${known.length}, '${known[0]}' among them`
}

const longestCompared = 100

/** The known name that was probably meant, or `null` when none is near: about one slip in three letters. */
function nearest(word: string, known: readonly string[]): string | null {
  if (word.length > longestCompared) return null
  const slips = Math.max(1, Math.floor(word.length / 3))
  let best: { name: string; distance: number } | null = null
  for (const name of known) {
    if (Math.abs(name.length - word.length) > slips) continue
    const distance = slipsBetween(word.toLowerCase(), name.toLowerCase())
    if (distance <= slips && (best === null || distance < best.distance)) best = { name, distance }
  }
  return best === null ? null : best.name
}

/** Damerau's distance: letters put in, left out, mistaken, and neighbours swapped. */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity
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
