import {
  type Arithmetic,
  type BinaryOperator,
  type Comparison,
  isComparison,
  isSetOperator,
} from '../../ast.ts'

const arithmetic: Readonly<Record<Arithmetic, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': power,
  atan2: Math.atan2,
}

const comparison: Readonly<Record<Comparison, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
}

/** JavaScript knows no power of 1, or of -1 by infinity; elsewhere both are 1. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1
  return base ** exponent
}

/** Two values to one; null where a comparison does not hold and so takes the value away. */
export type Operation = (left: number, right: number) => number | null

/** `kept` is the side whose value a comparison that holds leaves. */
export function operationOf(operator: BinaryOperator, isBool: boolean, kept: 'left' | 'right'): Operation {
  if (isSetOperator(operator)) throw new Error(`${operator} is of sets, not of values`)
  if (!isComparison(operator)) return arithmetic[operator]
  const holds = comparison[operator]
  if (isBool) return (left, right) => (holds(left, right) ? 1 : 0)
  return kept === 'left'
    ? (left, right) => (holds(left, right) ? left : null)
    : (left, right) => (holds(left, right) ? right : null)
}

/** What is computed is a new thing; what only was compared is still itself. Prometheus 2.42 keeps names in `atan2`. */
export function dropsName(operator: BinaryOperator, isBool: boolean): boolean {
  return isBool || !(isComparison(operator) || isSetOperator(operator) || operator === 'atan2')
}
