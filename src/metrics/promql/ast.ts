import type { Matcher } from '../matcher.ts'

export type ValueType = 'scalar' | 'string' | 'vector' | 'matrix'

/** Places in the text of the query, counted in UTF-16 units from 0. */
export type Span = Readonly<{ start: number; end: number }>

/** What `@` pins an expression to. */
export type Pin = Readonly<{ type: 'time'; ms: number }> | Readonly<{ type: 'start' | 'end' }>

export type NumberLiteral = Readonly<{ type: 'number'; value: number; span: Span }>

export type StringLiteral = Readonly<{ type: 'string'; value: string; span: Span }>

/** `name` is what stands before the braces, and is the last of the matchers as well; empty when nothing stands there. */
export type VectorSelector = Readonly<{
  type: 'vector'
  name: string
  matchers: readonly Matcher[]
  offsetMs: number
  pin: Pin | null
  span: Span
}>

export type MatrixSelector = Readonly<{
  type: 'matrix'
  selector: VectorSelector
  rangeMs: number
  span: Span
}>

/** `stepMs` is 0 where the query leaves it to the engine. */
export type Subquery = Readonly<{
  type: 'subquery'
  inner: Expression
  rangeMs: number
  stepMs: number
  offsetMs: number
  pin: Pin | null
  span: Span
}>

export type Call = Readonly<{ type: 'call'; name: string; args: readonly Expression[]; span: Span }>

export const aggregators = [
  'avg',
  'bottomk',
  'count',
  'count_values',
  'group',
  'max',
  'min',
  'quantile',
  'stddev',
  'stdvar',
  'sum',
  'topk',
] as const
export type Aggregator = (typeof aggregators)[number]

export type Aggregation = Readonly<{
  type: 'aggregation'
  operator: Aggregator
  inner: Expression
  parameter: Expression | null
  grouping: readonly string[]
  isWithout: boolean
  span: Span
}>

export type Comparison = '==' | '!=' | '>' | '<' | '>=' | '<='
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2'
export type SetOperator = 'and' | 'or' | 'unless'
export type BinaryOperator = Comparison | Arithmetic | SetOperator

/** Which series of both sides belong together; it means something only between two instant vectors. */
export type Matching = Readonly<{
  cardinality: 'one-to-one' | 'many-to-one' | 'one-to-many'
  isOn: boolean
  labels: readonly string[]
  include: readonly string[]
}>

export type Binary = Readonly<{
  type: 'binary'
  operator: BinaryOperator
  left: Expression
  right: Expression
  isBool: boolean
  matching: Matching
  /** Where the operator stands in the text. */
  operatorAt: number
  span: Span
}>

export type Unary = Readonly<{ type: 'unary'; operator: '+' | '-'; inner: Expression; span: Span }>

export type Parens = Readonly<{ type: 'parens'; inner: Expression; span: Span }>

export type Expression =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregation
  | Binary
  | Unary
  | Parens

export function isComparison(operator: BinaryOperator): operator is Comparison {
  switch (operator) {
    case '==':
    case '!=':
    case '>':
    case '<':
    case '>=':
    case '<=':
      return true
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
    case 'atan2':
    case 'and':
    case 'or':
    case 'unless':
      return false
  }
}

export function isSetOperator(operator: BinaryOperator): operator is SetOperator {
  return operator === 'and' || operator === 'or' || operator === 'unless'
}

/** What is inside all parentheses. */
export function bare(expression: Expression): Exclude<Expression, Parens> {
  return expression.type === 'parens' ? bare(expression.inner) : expression
}
