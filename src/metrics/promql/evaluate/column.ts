import { keyOf, type Labels } from '../../labels.ts'
import { sameLabels } from '../failure.ts'

/** At which steps there is a value: 1 or 0 by step; null where there is one at every step. */
export type Presence = Uint8Array | null

/** What one series comes to, by step. Values mean nothing where none is present; there is always at least one. */
export type Column = Readonly<{ labels: Labels; values: Float64Array; present: Presence }>

export function isAt(present: Presence, step: number): boolean {
  return present === null || present[step] === 1
}

/**
 * Room for the values of one column after the other: of its own for each, or one that is used again and again where columns
 * are only looked at until the next one is taken.
 */
export function roomFor(count: number, isPassing: boolean): () => Float64Array<ArrayBuffer> {
  if (!isPassing) return () => new Float64Array(count)
  const values = new Float64Array(count)
  return () => values
}

/** A column that is written step by step, from the first to the last. */
export class Filling {
  readonly values: Float64Array
  #present: Uint8Array | null = null
  #found = 0

  constructor(count: number, values = new Float64Array(count)) {
    this.values = values
  }

  get found(): number {
    return this.#found
  }

  set(step: number, value: number): void {
    this.values[step] = value
    this.#found += 1
    if (this.#present !== null) this.#present[step] = 1
  }

  /** Says at once where values were written. */
  mark(present: Uint8Array | null, found: number): void {
    this.#present = present
    this.#found = found
  }

  skip(step: number): void {
    if (this.#present !== null) return
    this.#present = new Uint8Array(this.values.length)
    this.#present.fill(1, 0, step)
  }

  /** The column, or null when nothing was written. */
  done(labels: Labels): Column | null {
    return this.#found === 0 ? null : { labels, values: this.values, present: this.#present }
  }
}

/** The column with the values changed where there are any; null as value takes them away. */
export function mapped(
  column: Column,
  labels: Labels,
  change: (value: number, step: number) => number | null,
): Column | null {
  const { values, present } = column
  const filling = new Filling(values.length)
  for (let step = 0; step < values.length; step += 1) {
    const value = isAt(present, step) ? change(values[step] ?? 0, step) : null
    if (value === null) filling.skip(step)
    else filling.set(step, value)
  }
  return filling.done(labels)
}

/** The column at those steps where the mask has a 1 (or, the other way round, a 0); null when none are left. */
export function masked(column: Column, mask: Uint8Array, wanted: 0 | 1): Column | null {
  return mapped(column, column.labels, (value, step) => (mask[step] === wanted ? value : null))
}

export function markPresent(mask: Uint8Array, { present }: Column): void {
  if (present === null) mask.fill(1)
  else for (let step = 0; step < mask.length; step += 1) if (present[step] === 1) mask[step] = 1
}

export function overlap(a: Column, b: Column): boolean {
  return firstOverlap(a, b) !== null
}

/** The first step at which both have a value. */
export function firstOverlap(a: Column, b: Column): number | null {
  for (let step = 0; step < a.values.length; step += 1)
    if (isAt(a.present, step) && isAt(b.present, step)) return step
  return null
}

/** Both in one; they never have a value at the same step. */
export function joined(a: Column, b: Column): Column {
  const values = new Float64Array(a.values.length)
  const present = new Uint8Array(values.length)
  for (const column of [a, b])
    for (let step = 0; step < values.length; step += 1) {
      if (!isAt(column.present, step)) continue
      values[step] = column.values[step] ?? 0
      present[step] = 1
    }
  return { labels: a.labels, values, present: present.includes(0) ? present : null }
}

/**
 * Makes one column of those with the same labels, in the order of the first. Throws when two of them have a value at the
 * same step.
 */
export function mergedByLabels(
  columns: Iterable<Column>,
  refuse: () => Error = sameLabels,
): Iterable<Column> {
  const merged = new Map<string, Column>()
  for (const column of columns) {
    const key = keyOf(column.labels)
    const earlier = merged.get(key)
    if (earlier !== undefined && overlap(earlier, column)) throw refuse()
    merged.set(key, earlier === undefined ? column : joined(earlier, column))
  }
  return merged.values()
}

/** Passes columns on; throws at the second one with the same labels, whatever its steps. */
export function* distinct(columns: Iterable<Column>): Iterable<Column> {
  const seen = new Set<string>()
  for (const column of columns) {
    const key = keyOf(column.labels)
    if (seen.has(key)) throw sameLabels()
    seen.add(key)
    yield column
  }
}
