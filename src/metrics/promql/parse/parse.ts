import type { Matcher } from '../../matcher.ts'
import type { Expression } from '../ast.ts'
import { check } from './check.ts'
import { Cursor } from './cursor.ts'
import { expression } from './expression.ts'
import { mayBeName, selector } from './selector.ts'

/** Reads a query. Throws QueryTrouble, with the words of Prometheus 2.42, on what is none. */
export function parseQuery(query: string): Expression {
  const cursor = new Cursor(query)
  if (cursor.sees('end of input')) throw cursor.trouble(0, 'no expression found in input')
  const read = expression(cursor, 0)
  if (!cursor.sees('end of input')) cursor.fail()
  check(read, query)
  return read
}

/**
 * Reads a selector alone, as `match[]` of the API has it. It may mean everything; who asks with it decides whether that is
 * allowed. Throws QueryTrouble.
 */
export function parseSelector(text: string): readonly Matcher[] {
  const cursor = new Cursor(text)
  const hasName = mayBeName(cursor.next.type)
  if (!hasName && !cursor.sees('{')) cursor.fail()
  const { matchers } = selector(cursor, hasName ? cursor.take() : null)
  if (!cursor.sees('end of input')) cursor.fail()
  return matchers
}
