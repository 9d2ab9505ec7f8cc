import { metricName } from '../../labels.ts'
import { testOf } from '../../matcher.ts'
import {
  type Aggregation,
  type Binary,
  type Call,
  type Expression,
  isComparison,
  isSetOperator,
  type ValueType,
  type VectorSelector,
} from '../ast.ts'
import { signatureOf } from '../functions/signatures.ts'
import { documented, typeOf } from '../types.ts'
import { quoted } from './quote.ts'
import { QueryTrouble } from './trouble.ts'

/** Refuses expressions that cannot mean anything: wrong types, wrong numbers of arguments, selectors of everything. */
export function check(expression: Expression, query: string): void {
  visit(expression, (at, what) => {
    throw new QueryTrouble(query, at, what)
  })
}

type Refuse = (at: number, what: string) => never

function visit(node: Expression, refuse: Refuse): void {
  switch (node.type) {
    case 'number':
    case 'string':
      return
    case 'vector':
      return visitSelector(node, refuse)
    case 'matrix':
      return visitSelector(node.selector, refuse)
    case 'parens':
      return visit(node.inner, refuse)
    case 'subquery': {
      visit(node.inner, refuse)
      const type = typeOf(node.inner)
      if (type !== 'vector')
        refuse(node.span.start, `subquery is only allowed on instant vector, got ${type} instead`)
      return
    }
    case 'unary': {
      visit(node.inner, refuse)
      const type = typeOf(node.inner)
      const allowed = 'unary expression only allowed on expressions of type scalar or instant vector'
      if (type !== 'scalar' && type !== 'vector')
        refuse(node.span.start, `${allowed}, got ${quoted(documented(type))}`)
      return
    }
    case 'aggregation':
      return visitAggregation(node, refuse)
    case 'binary':
      return visitBinary(node, refuse)
    case 'call':
      return visitCall(node, refuse)
  }
}

type Expected = Readonly<{ type: ValueType; context: string }>

function expect(node: Expression, { type, context }: Expected, refuse: Refuse): void {
  visit(node, refuse)
  const found = typeOf(node)
  if (found !== type)
    refuse(node.span.start, `expected type ${documented(type)} in ${context}, got ${documented(found)}`)
}

function visitAggregation({ inner, parameter, operator }: Aggregation, refuse: Refuse): void {
  expect(inner, { type: 'vector', context: 'aggregation expression' }, refuse)
  if (parameter === null) return
  const type = operator === 'count_values' ? 'string' : 'scalar'
  expect(parameter, { type, context: 'aggregation parameter' }, refuse)
}

function visitBinary(node: Binary, refuse: Refuse): void {
  const { left, right, operator, isBool, matching, span } = node
  visit(left, refuse)
  visit(right, refuse)
  const leftType = typeOf(left)
  const rightType = typeOf(right)
  const start = span.start
  if (isBool && !isComparison(operator))
    refuse(node.operatorAt, 'bool modifier can only be used on comparison operators')
  if (isComparison(operator) && !isBool && leftType === 'scalar' && rightType === 'scalar')
    refuse(node.operatorAt, 'comparisons between scalars must use BOOL modifier')
  const twice = matching.labels.find((label) => matching.include.includes(label))
  if (matching.isOn && twice !== undefined)
    refuse(node.operatorAt, `label ${quoted(twice)} must not occur in ON and GROUP clause at once`)
  for (const side of [left, right]) {
    const type = side === left ? leftType : rightType
    if (type !== 'scalar' && type !== 'vector')
      refuse(side.span.start, 'binary expression must contain only scalar and instant vector types')
  }
  const areVectors = leftType === 'vector' && rightType === 'vector'
  if (!areVectors && matching.labels.length > 0)
    refuse(start, 'vector matching only allowed between instant vectors')
  if (!isSetOperator(operator)) return
  if (areVectors && matching.cardinality !== 'one-to-one')
    refuse(start, `no grouping allowed for ${quoted(operator)} operation`)
  if (!areVectors) refuse(start, `set operator ${quoted(operator)} not allowed in binary scalar expression`)
}

function visitCall({ name, args, span }: Call, refuse: Refuse): void {
  const { args: wanted, least, most } = signatureOf(name)
  const count = (word: string, number: number): string =>
    `expected ${word}${number} argument(s) in call to ${quoted(name)}, got ${args.length}`
  if (least === most && args.length !== least) refuse(span.start, count('', least))
  if (args.length < least) refuse(span.start, count('at least ', least))
  if (args.length > most) refuse(span.start, count('at most ', most))
  for (const [at, arg] of args.entries()) {
    const type = wanted[Math.min(at, wanted.length - 1)]
    if (type !== undefined) expect(arg, { type, context: `call to function ${quoted(name)}` }, refuse)
  }
}

function visitSelector({ name, matchers, span }: VectorSelector, refuse: Refuse): void {
  if (name !== '') {
    const again = matchers.slice(0, -1).find((matcher) => matcher.name === metricName)
    if (again === undefined) return
    refuse(span.start, `metric name must not be set twice: ${quoted(name)} or ${quoted(again.value)}`)
  }
  if (matchers.every((matcher) => testOf(matcher)('')))
    refuse(span.start, 'vector selector must contain at least one non-empty matcher')
}
