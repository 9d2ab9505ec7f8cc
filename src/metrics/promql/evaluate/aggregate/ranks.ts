import { QueryFailure } from '../../failure.ts'
import { valueText } from '../../format.ts'
import { type Column, Filling, isAt } from '../column.ts'

/**
 * The largest (or smallest) of each group at each step, best first where there is one step; NaN comes last. `wanted` is
 * how many, by step.
 */
export function ranked(
  groups: Iterable<readonly Column[]>,
  wanted: Float64Array,
  isTop: boolean,
): readonly Column[] {
  const limits = wanted.map(wholeNumber)
  return [...groups].flatMap((columns) => rankedIn(columns, limits, isTop))
}

function wholeNumber(value: number): number {
  // What does not fit into 63 bits cannot be counted to.
  if (!(value >= -(2 ** 63) && value <= 2 ** 63))
    throw new QueryFailure('execution', `Scalar value ${valueText(value)} overflows int64`)
  return Math.trunc(value)
}

function rankedIn(columns: readonly Column[], limits: Float64Array, isTop: boolean): readonly Column[] {
  const fillings = columns.map(() => new Filling(limits.length))
  let order: readonly number[] = []
  for (const [step, limit] of limits.entries()) {
    order = orderAt(columns, step, isTop).slice(0, Math.max(0, limit))
    const chosen = new Set(order)
    for (const [at, filling] of fillings.entries()) {
      if (chosen.has(at)) filling.set(step, columns[at]?.values[step] ?? 0)
      else filling.skip(step)
    }
  }
  const places = limits.length === 1 ? order : columns.map((_, at) => at)
  return places.flatMap((at) => {
    const column = columns[at]
    return column === undefined ? [] : (fillings[at]?.done(column.labels) ?? [])
  })
}

function orderAt(columns: readonly Column[], step: number, isTop: boolean): readonly number[] {
  const valueAt = (at: number): number => columns[at]?.values[step] ?? 0
  return columns
    .flatMap(({ present }, at) => (isAt(present, step) ? [at] : []))
    .toSorted((a, b) => compareValues(valueAt(a), valueAt(b), isTop))
}

/** Less than 0 when `a` comes first. NaN comes last, whichever way. */
export function compareValues(a: number, b: number, isDescending: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  if (a === b) return 0
  return a < b === isDescending ? 1 : -1
}
