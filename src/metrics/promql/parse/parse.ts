import type { Expression } from '../ast.ts'
import { check } from './check.ts'
import { Cursor } from './cursor.ts'
import { expression } from './expression.ts'

/** Reads a query. Throws QueryTrouble, with the words of Prometheus 2.42, on what is none. */
export function parseQuery(query: string): Expression {
  const cursor = new Cursor(query)
  if (cursor.sees('end of input')) throw cursor.trouble(0, 'no expression found in input')
  const read = expression(cursor, 0)
  if (!cursor.sees('end of input')) cursor.fail()
  check(read, query)
  return read
}
