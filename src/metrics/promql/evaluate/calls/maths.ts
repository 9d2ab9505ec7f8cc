import { withoutName } from '../../../labels.ts'
import type { Call, Expression } from '../../ast.ts'
import type { Mathematical } from '../../functions/maths.ts'
import { type Column, mapped } from '../column.ts'
import type { Frame } from '../frame.ts'

/** A function of each value; its other arguments are scalars. */
export function* eachValue({ name, args }: Call, of: Mathematical, frame: Frame): Iterable<Column> {
  const [vector, ...others] = args
  if (vector === undefined) return
  const scalars = others.map((other) => frame.scalar(other))
  const given = scalars.map(() => 0)
  for (const column of frame.vector(vector)) {
    const result = mapped(column, withoutName(column.labels), (value, step) => {
      for (const [at, scalar] of scalars.entries()) given[at] = scalar[step] ?? 0
      const [low = 0, high = 0] = given
      // Nothing is between limits that are the wrong way round.
      return name === 'clamp' && high < low ? null : of(value, given)
    })
    if (result !== null) yield result
  }
}

/** A function of the calendar, of each value or, without an argument, of the time that is asked about. */
export function* eachTime(
  vector: Expression | null,
  of: (seconds: number) => number,
  frame: Frame,
): Iterable<Column> {
  if (vector === null) {
    yield { labels: [], values: secondsOf(frame).map(of), present: null }
    return
  }
  for (const column of frame.vector(vector)) {
    const result = mapped(column, withoutName(column.labels), of)
    if (result !== null) yield result
  }
}

/** The times of the grid, in seconds. */
export function secondsOf({ grid: { startMs, stepMs, count } }: Frame): Float64Array {
  return Float64Array.from({ length: count }, (_, step) => (startMs + step * stepMs) / 1000)
}
