import { type Aggregator, aggregators, type BinaryOperator, type Expression } from '../ast.ts'
import { isFunctionName } from '../functions/signatures.ts'
import { aggregation, type Args } from './aggregation.ts'
import type { Cursor } from './cursor.ts'
import { matching } from './matching.ts'
import { suffixes } from './suffixes.ts'
import { unquoted } from './quote.ts'
import { mayBegin, mayBeName, selector } from './selector.ts'
import type { Token, TokenType } from './token.ts'

const levels: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<=': 3,
  '<': 3,
  '>=': 3,
  '>': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
}

/** Signs before an expression bind as tightly as `*`. */
const unaryLevel = levels['*']

const isBinaryOperator = (type: TokenType): type is BinaryOperator => Object.hasOwn(levels, type)
const isAggregator = (type: TokenType): type is Aggregator =>
  (aggregators as readonly string[]).includes(type)

/** Reads operands joined by operators that bind more tightly than `level`. */
export function expression(cursor: Cursor, level: number): Expression {
  return cursor.deeper(() => {
    let left = operand(cursor)
    for (let chained = 0; ; chained += 1) {
      cursor.notDeeperThan(chained)
      const operator = cursor.next.type
      if (!isBinaryOperator(operator) || levels[operator] <= level) return left
      const operatorAt = cursor.take().start
      const { isBool, ...how } = matching(cursor)
      // `^` alone groups from the right.
      const right = expression(cursor, operator === '^' ? levels[operator] - 1 : levels[operator])
      const span = { start: left.span.start, end: right.span.end }
      left = { type: 'binary', operator, left, right, isBool, matching: how, operatorAt, span }
    }
  })
}

function operand(cursor: Cursor): Expression {
  const sign = cursor.accept('+') ?? cursor.accept('-')
  return sign === null ? suffixes(cursor, atom(cursor)) : signed(cursor, sign)
}

function signed(cursor: Cursor, { type, start }: Token): Expression {
  const inner = expression(cursor, unaryLevel)
  const span = { start, end: inner.span.end }
  if (inner.type === 'number') return { ...inner, value: type === '-' ? -inner.value : inner.value, span }
  return { type: 'unary', operator: type === '-' ? '-' : '+', inner, span }
}

function atom(cursor: Cursor): Expression {
  const { type, start, end, text } = cursor.next
  if (type === 'number') return { type, value: cursor.number(), span: { start, end } }
  if (type === '(') return parens(cursor)
  if (type === '{') return selector(cursor, null)
  if (isAggregator(type) || mayBeName(type)) return named(cursor)
  if (type !== 'string') return cursor.fail()
  cursor.take()
  return { type, value: unquoted(text), span: { start, end } }
}

function parens(cursor: Cursor): Expression {
  const { start } = cursor.take()
  const inner = expression(cursor, 0)
  const { end } = cursor.expect(')')
  return { type: 'parens', inner, span: { start, end } }
}

/** What begins with a word: an aggregation, a call, or the name of a metric. */
function named(cursor: Cursor): Expression {
  const word = cursor.take()
  if (isAggregator(word.type) && (cursor.sees('(') || cursor.sees('by') || cursor.sees('without')))
    return aggregation(cursor, { word, operator: word.type }, args)
  if (word.type === 'identifier' && cursor.sees('(')) return call(cursor, word)
  return selector(cursor, word)
}

function call(cursor: Cursor, word: Token): Expression {
  const { list, end } = args(cursor)
  if (!isFunctionName(word.text))
    throw cursor.trouble(word.start, `unknown function with name "${word.text}"`)
  return { type: 'call', name: word.text, args: list, span: { start: word.start, end } }
}

function args(cursor: Cursor): Args {
  cursor.expect('(')
  const list: Expression[] = []
  if (!cursor.sees(')')) {
    list.push(expression(cursor, 0))
    for (let comma = cursor.accept(','); comma !== null; comma = cursor.accept(',')) {
      if (!mayBegin(cursor.next.type))
        throw cursor.trouble(comma.start, 'trailing commas not allowed in function call args')
      list.push(expression(cursor, 0))
    }
  }
  return { list, end: cursor.expect(')').end }
}
