import type { Aggregation, Aggregator, Expression } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { groupingLabels } from './matching.ts'
import type { Token } from './token.ts'

/** What stands in the parentheses of a call. */
export type Args = Readonly<{ list: readonly Expression[]; end: number }>

type Begun = Readonly<{ word: Token; operator: Aggregator }>

/** Reads what follows the word of an aggregation; the grouping may stand before its arguments or behind. */
export function aggregation(
  cursor: Cursor,
  { word, operator }: Begun,
  args: (cursor: Cursor) => Args,
): Aggregation {
  const before = cursor.inAggregation(() => grouping(cursor))
  const { list, end } = cursor.inAggregation(() => args(cursor))
  const how = before ?? grouping(cursor) ?? { isWithout: false, grouping: [] }
  if (list.length === 0) throw cursor.trouble(word.start, 'no arguments for aggregate expression provided')
  const wanted = takesParameter(operator) ? 2 : 1
  const inner = list[wanted - 1]
  if (list.length !== wanted || inner === undefined) {
    const what = `expected ${wanted}, got ${list.length}`
    throw cursor.trouble(word.start, `wrong number of arguments for aggregate expression provided, ${what}`)
  }
  const parameter = wanted === 2 ? (list[0] ?? null) : null
  return { type: 'aggregation', operator, inner, parameter, ...how, span: { start: word.start, end } }
}

export function takesParameter(operator: Aggregator): boolean {
  return (
    operator === 'topk' || operator === 'bottomk' || operator === 'count_values' || operator === 'quantile'
  )
}

function grouping(cursor: Cursor): Pick<Aggregation, 'grouping' | 'isWithout'> | null {
  const word = cursor.accept('by') ?? cursor.accept('without')
  if (word === null) return null
  return { grouping: groupingLabels(cursor), isWithout: word.type === 'without' }
}
