import { keyOf, type Labels } from '../../labels.ts'
import { type Matcher, testOf, testOfAll } from '../../matcher.ts'

/** All series that are known, by number, by labels, and by what matchers ask. Numbers are given once and rise. */
export class SeriesTable {
  readonly #labels = new Map<number, Labels>()
  readonly #numbers = new Map<string, number>()
  /** For each name of a label and each of its values, the series that have it, rising. */
  readonly #postings = new Map<string, Map<string, number[]>>()
  /** Each text once: those who read protocols make a new one of the same letters every time. */
  readonly #texts = new Map<string, string>()
  #next = 1

  /** Rises with every series that comes, and when some are forgotten. */
  changes = 0

  get size(): number {
    return this.#labels.size
  }

  numberOf(labels: Labels): number | null {
    return this.#numbers.get(keyOf(labels)) ?? null
  }

  labelsOf(number: number): Labels | null {
    return this.#labels.get(number) ?? null
  }

  /** The number of a series, which is a new one when it was not known. */
  add(labels: Labels): number {
    const known = this.numberOf(labels)
    if (known !== null) return known
    this.put(this.#next, labels)
    return this.#next - 1
  }

  all(): Iterable<readonly [number, Labels]> {
    return this.#labels
  }

  /** Takes in a series whose number was given earlier; numbers rise. */
  put(number: number, given: Labels): void {
    if (this.#labels.has(number)) return
    const labels = given.map((text) => this.#textOf(text))
    this.changes += 1
    this.#labels.set(number, labels)
    this.#numbers.set(keyOf(labels), number)
    this.#next = Math.max(this.#next, number + 1)
    for (let at = 0; at < labels.length; at += 2) {
      const values = getOrMake(this.#postings, labels[at] ?? '', () => new Map<string, number[]>())
      getOrMake(values, labels[at + 1] ?? '', () => []).push(number)
    }
  }

  /** Forgets all series but these. */
  keep(numbers: ReadonlySet<number>): void {
    const kept = [...this.#labels].filter(([number]) => numbers.has(number))
    const next = this.#next
    for (const each of [this.#labels, this.#numbers, this.#postings, this.#texts]) each.clear()
    this.changes += 1
    for (const [number, labels] of kept) this.put(number, labels)
    this.#next = next
  }

  /** The series that meet all conditions. Throws PatternTrouble. */
  select(matchers: readonly Matcher[]): readonly number[] {
    const matches = testOfAll(matchers)
    const found = this.#fewest(matchers) ?? [...this.#labels.keys()]
    return found.filter((number) => matches(this.#labels.get(number) ?? []))
  }

  names(): readonly string[] {
    return [...this.#postings.keys()].toSorted()
  }

  valuesOf(name: string): readonly string[] {
    return [...(this.#postings.get(name)?.keys() ?? [])].toSorted()
  }

  #textOf(text: string): string {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    this.#texts.set(text, text)
    return text
  }

  /** The shortest list in which all that meet the conditions are; null when no condition asks for a value. */
  #fewest(matchers: readonly Matcher[]): readonly number[] | null {
    let fewest: readonly number[] | null = null
    for (const matcher of matchers) {
      const list = this.#having(matcher)
      if (list !== null && (fewest === null || list.length < fewest.length)) fewest = list
    }
    return fewest
  }

  /** Those that meet a condition; null for one that series without the label meet as well. */
  #having(matcher: Matcher): readonly number[] | null {
    const meets = testOf(matcher)
    if (meets('')) return null
    const values = this.#postings.get(matcher.name)
    if (values === undefined) return []
    if (matcher.operator === '=') return values.get(matcher.value) ?? []
    const lists = [...values].filter(([value]) => meets(value)).map(([, list]) => list)
    return lists.length === 1 ? (lists[0] ?? []) : lists.flat()
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
