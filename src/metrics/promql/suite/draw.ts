import { metricName } from '../../labels.ts'
import type { Matcher } from '../../matcher.ts'
import {
  type Aggregator,
  aggregators,
  type Binary,
  type BinaryOperator,
  type Expression,
  isComparison,
  isSetOperator,
  type MatrixSelector,
  type Pin,
  type Subquery,
  type ValueType,
  type VectorSelector,
} from '../ast.ts'
import { functionNames, signatureOf } from '../functions/signatures.ts'

/** Where chance comes from. */
export type Chance = Readonly<{
  next: () => number
  between: (low: number, high: number) => number
  pick: <T>(list: readonly T[]) => T
}>

/** What queries may ask about. Durations in milliseconds, times in milliseconds since the epoch. */
export type Vocabulary = Readonly<{
  metrics: readonly string[]
  labels: Readonly<Record<string, readonly string[]>>
  patterns: readonly string[]
  ranges: readonly number[]
  offsets: readonly number[]
  pins: readonly number[]
  functions: readonly string[]
  operators: readonly BinaryOperator[]
}>

/** All functions: how they are called is known, whatever they do. */
export const allFunctions = functionNames

const span = { start: 0, end: 0 }

/** All operators between two expressions. */
export const allOperators: readonly BinaryOperator[] = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  'atan2',
  '==',
  '!=',
  '>',
  '<',
  '>=',
  '<=',
  'and',
  'or',
  'unless',
]

/** Draws queries that mean something, as people might write them and as nobody would. */
export class Drawing {
  readonly #chance: Chance
  readonly #words: Vocabulary

  constructor(chance: Chance, words: Vocabulary) {
    this.#chance = chance
    this.#words = words
  }

  ofType(type: ValueType, depth: number): Expression {
    switch (type) {
      case 'string':
        return { type: 'string', value: this.#chance.pick(['a', '$1', '(.*)', 'é"\n']), span }
      case 'scalar':
        return this.#scalar(depth)
      case 'matrix':
        return this.#matrix(depth)
      case 'vector':
        return this.#vector(depth)
    }
  }

  #scalar(depth: number): Expression {
    const value = this.#chance.pick([0, 1, 2, 0.5, 100, 1e9, -3, NaN, Infinity])
    const literal: Expression = { type: 'number', value, span }
    if (depth <= 0) return literal
    return this.#chance.pick<() => Expression>([
      () => literal,
      () => literal,
      () => ({ type: 'call', name: 'time', args: [], span }),
      () => ({ type: 'call', name: 'scalar', args: [this.#vector(depth - 1)], span }),
      () => this.#binary('scalar', 'scalar', depth),
    ])()
  }

  #vector(depth: number): Expression {
    if (depth <= 0) return this.#selector()
    return this.#chance.pick<() => Expression>([
      () => this.#selector(),
      () => this.#call(depth),
      () => this.#call(depth),
      () => this.#call(depth),
      () => this.#aggregation(depth),
      () => this.#aggregation(depth),
      () => this.#binary('vector', 'vector', depth),
      () => this.#binary('vector', 'scalar', depth),
      () => this.#binary('scalar', 'vector', depth),
      () => ({ type: 'unary', operator: '-', inner: this.#inParens(this.#vector(depth - 1)), span }),
    ])()
  }

  #selector(): VectorSelector {
    const name = this.#chance.pick(this.#words.metrics)
    const count = this.#chance.pick([0, 0, 0, 1, 1, 2])
    const list = Array.from({ length: count }, () => this.#matcher())
    const matchers: readonly Matcher[] = [...list, { name: metricName, operator: '=', value: name }]
    return { type: 'vector', name, matchers, ...this.#moved(), span }
  }

  #matcher(): Matcher {
    const name = this.#chance.pick(Object.keys(this.#words.labels))
    const value = this.#chance.pick(this.#words.labels[name] ?? [''])
    const operator = this.#chance.pick<Matcher['operator']>(['=', '!=', '=~', '!~'])
    const isPattern = operator === '=~' || operator === '!~'
    return { name, operator, value: isPattern ? this.#chance.pick(this.#words.patterns) : value }
  }

  #moved(): Readonly<{ offsetMs: number; pin: Pin | null }> {
    const offsetMs = this.#chance.next() < 0.2 ? this.#chance.pick(this.#words.offsets) : 0
    if (this.#chance.next() > 0.15) return { offsetMs, pin: null }
    const time: Pin = { type: 'time', ms: this.#chance.pick(this.#words.pins) }
    return { offsetMs, pin: this.#chance.pick<Pin>([time, { type: 'start' }, { type: 'end' }]) }
  }

  #matrix(depth: number): MatrixSelector | Subquery {
    const rangeMs = this.#chance.pick(this.#words.ranges)
    if (depth <= 0 || this.#chance.next() < 0.75)
      return { type: 'matrix', selector: this.#selector(), rangeMs, span }
    const stepMs = this.#chance.pick([0, ...this.#words.ranges.filter((range) => range * 30 >= rangeMs)])
    const inner = this.#inParens(this.#vector(depth - 1))
    return { type: 'subquery', inner, rangeMs, stepMs, ...this.#moved(), span }
  }

  #call(depth: number): Expression {
    const names = this.#words.functions.filter((name) => signatureOf(name).returns === 'vector')
    const name = this.#chance.pick(names)
    const { args, least, most } = signatureOf(name)
    const count = least === most ? least : this.#chance.between(least, Math.min(most, args.length))
    const drawn = args.slice(0, count).map((type) => this.ofType(type, depth - 1))
    return {
      type: 'call',
      name,
      args: name.startsWith('label_') ? this.#labelArgs(name, drawn) : drawn,
      span,
    }
  }

  /** The texts of these two functions are names of labels, a template and a pattern. */
  #labelArgs(name: string, [vector, ...drawn]: readonly Expression[]): readonly Expression[] {
    const label = (): Expression => ({ type: 'string', value: this.#label(), span })
    const joined = [label(), { type: 'string', value: '-', span } as const, label()]
    const replaced = [
      label(),
      ...drawn.slice(1, 2),
      label(),
      { type: 'string', value: '(.*)', span } as const,
    ]
    const rest = name === 'label_join' ? joined : replaced
    return vector === undefined ? rest : [vector, ...rest]
  }

  #label(): string {
    return this.#chance.pick(Object.keys(this.#words.labels))
  }

  #aggregation(depth: number): Expression {
    const operator = this.#chance.pick<Aggregator>(aggregators)
    const isWithout = this.#chance.next() < 0.3
    const grouping = Array.from({ length: this.#chance.between(isWithout ? 1 : 0, 2) }, () => this.#label())
    const inner = this.#vector(depth - 1)
    const parameter = this.#parameter(operator)
    return { type: 'aggregation', operator, inner, parameter, grouping, isWithout, span }
  }

  #parameter(operator: Aggregator): Expression | null {
    if (operator === 'count_values') return { type: 'string', value: 'value', span }
    const rank = (): Expression => ({ type: 'number', value: this.#chance.between(1, 4), span })
    if (operator === 'topk' || operator === 'bottomk') return rank()
    if (operator !== 'quantile') return null
    return { type: 'number', value: this.#chance.pick([0, 0.1, 0.5, 0.9, 1, 1.5]), span }
  }

  #binary(leftType: ValueType, rightType: ValueType, depth: number): Binary {
    const areVectors = leftType === 'vector' && rightType === 'vector'
    const operator = this.#chance.pick(
      this.#words.operators.filter((each) => areVectors || !isSetOperator(each)),
    )
    const mustBool = leftType === 'scalar' && rightType === 'scalar'
    const isBool = isComparison(operator) && (mustBool || this.#chance.next() < 0.3)
    return {
      type: 'binary',
      operator,
      left: this.#inParens(this.ofType(leftType, depth - 1)),
      right: this.#inParens(this.ofType(rightType, depth - 1)),
      isBool,
      matching: this.#matching(areVectors, isSetOperator(operator)),
      operatorAt: 0,
      span,
    }
  }

  #matching(areVectors: boolean, isSet: boolean): Binary['matching'] {
    const plain = { cardinality: 'one-to-one', isOn: false, labels: [], include: [] } as const
    if (!areVectors || this.#chance.next() < 0.4) return plain
    const labels = Array.from({ length: this.#chance.between(1, 2) }, () => this.#label())
    const isOn = this.#chance.next() < 0.6
    if (isSet || this.#chance.next() < 0.5) return { ...plain, isOn, labels }
    const include = [this.#label()].filter((label) => !labels.includes(label))
    const cardinality = this.#chance.pick(['many-to-one', 'one-to-many'] as const)
    return { cardinality, isOn, labels, include }
  }

  /** What is made of parts needs parentheses before it becomes one. */
  #inParens(inner: Expression): Expression {
    return inner.type === 'binary' || inner.type === 'unary' || inner.type === 'number'
      ? { type: 'parens', inner, span }
      : inner
  }
}
