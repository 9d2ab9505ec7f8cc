import {
  type Aggregation,
  type Binary,
  type Expression,
  type Pin,
  type Subquery,
  type VectorSelector,
} from './ast.ts'
import { metricName } from '../labels.ts'
import { literalText } from './format.ts'
import { durationText } from './parse/duration.ts'
import { quoted } from './parse/quote.ts'
import { typeOf } from './types.ts'

/** Writes an expression as Prometheus would; read again it is the same one. */
export function print(node: Expression): string {
  switch (node.type) {
    case 'number':
      return literalText(node.value)
    case 'string':
      return quoted(node.value)
    case 'parens':
      return `(${print(node.inner)})`
    case 'unary':
      return `${node.operator}${print(node.inner)}`
    case 'call':
      return `${node.name}(${node.args.map(print).join(', ')})`
    case 'vector':
      return `${selectorText(node)}${moved(node)}`
    case 'matrix':
      return `${selectorText(node.selector)}[${durationText(node.rangeMs)}]${moved(node.selector)}`
    case 'subquery':
      return `${print(node.inner)}${subqueryText(node)}`
    case 'aggregation':
      return aggregationText(node)
    case 'binary':
      return binaryText(node)
  }
}

/** What stands behind the expression of a subquery. */
export function subqueryText(node: Subquery): string {
  const step = node.stepMs === 0 ? '' : durationText(node.stepMs)
  return `[${durationText(node.rangeMs)}:${step}]${moved(node)}`
}

function selectorText({ name, matchers }: VectorSelector): string {
  const shown = matchers
    // The name stands before the braces.
    .filter((matcher) => name === '' || matcher.name !== metricName)
    .map((matcher) => `${matcher.name}${matcher.operator}${quoted(matcher.value)}`)
    .toSorted()
  return shown.length === 0 ? (name === '' ? '{}' : name) : `${name}{${shown.join(',')}}`
}

function moved({ pin, offsetMs }: Readonly<{ pin: Pin | null; offsetMs: number }>): string {
  const at = pin === null ? '' : pin.type === 'time' ? ` @ ${(pin.ms / 1000).toFixed(3)}` : ` @ ${pin.type}()`
  return offsetMs === 0 ? at : `${at} offset ${durationText(offsetMs)}`
}

function aggregationText(node: Aggregation): string {
  const first = node.parameter === null ? '' : `${print(node.parameter)}, `
  return `${operatorText(node)}(${first}${print(node.inner)})`
}

/** What stands before the parentheses of an aggregation. */
export function operatorText({ operator, grouping, isWithout }: Aggregation): string {
  const list = `(${grouping.join(', ')})`
  return `${operator}${isWithout ? ` without ${list} ` : grouping.length > 0 ? ` by ${list} ` : ''}`
}

function binaryText(node: Binary): string {
  return `${print(node.left)} ${betweenText(node)} ${print(node.right)}`
}

/** What stands between both sides. */
export function betweenText(node: Binary): string {
  return `${node.operator}${node.isBool ? ' bool' : ''}${matchingText(node)}`
}

function matchingText({ left, right, matching }: Binary): string {
  const { isOn, labels, cardinality, include } = matching
  const isBetweenVectors = typeOf(left) === 'vector' && typeOf(right) === 'vector'
  if (!isBetweenVectors || (labels.length === 0 && !isOn)) return ''
  const how = ` ${isOn ? 'on' : 'ignoring'} (${labels.join(', ')})`
  if (cardinality === 'one-to-one') return how
  return `${how} group_${cardinality === 'many-to-one' ? 'left' : 'right'} (${include.join(', ')})`
}
