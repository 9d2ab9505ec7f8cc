import { QueryFailure } from '../../failure.ts'
import { valueText } from '../../format.ts'
import { type Column, Filling, isAt } from '../column.ts'
import { compareValues } from './order.ts'
import { Shortlist } from './shortlist.ts'

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
  let best: readonly number[] = []
  for (const [step, limit] of limits.entries()) {
    best = bestAt(columns, step, new Shortlist(limit, isTop))
    const chosen = new Set(best)
    for (const [at, filling] of fillings.entries()) {
      if (chosen.has(at)) filling.set(step, columns[at]?.values[step] ?? 0)
      else filling.skip(step)
    }
  }
  const valueOf = (at: number): number => columns[at]?.values[0] ?? 0
  const isOneStep = limits.length === 1
  const places = isOneStep
    ? best.toSorted((a, b) => compareValues(valueOf(a), valueOf(b), isTop))
    : columns.map((_, at) => at)
  return places.flatMap((at) => {
    const column = columns[at]
    return column === undefined ? [] : (fillings[at]?.done(column.labels) ?? [])
  })
}

function bestAt(columns: readonly Column[], step: number, shortlist: Shortlist): readonly number[] {
  for (const [at, { values, present }] of columns.entries())
    if (isAt(present, step)) shortlist.offer(at, values[step] ?? 0)
  return shortlist.places
}
