import type { Expression } from './ast.ts'
import { betweenText, operatorText, print, subqueryText } from './print.ts'

/** What is longer does not stand on one line. */
const longestBytes = 100

/** Writes an expression as Prometheus does for people: parts that are long have lines of their own, one step further in. */
export function pretty(node: Expression, level = 0): string {
  const margin = '  '.repeat(level)
  if (node.type === 'unary') return `${margin}${node.operator}${pretty(node.inner, level).trim()}`
  const text = print(node)
  if (Buffer.byteLength(text) <= longestBytes) {
    // A subquery that is short stands where it stands: so does Prometheus have it.
    return node.type === 'subquery' ? text : `${margin}${text}`
  }
  const inside = (inner: Expression): string => pretty(inner, level + 1)
  switch (node.type) {
    case 'number':
    case 'string':
    case 'vector':
    case 'matrix':
      return `${margin}${text}`
    case 'parens':
      return `${margin}(\n${inside(node.inner)}\n${margin})`
    case 'call':
      return `${margin}${node.name}(\n${node.args.map(inside).join(',\n')}\n${margin})`
    case 'subquery':
      return `${pretty(node.inner, level)}${subqueryText(node)}`
    case 'aggregation': {
      const parts = node.parameter === null ? [node.inner] : [node.parameter, node.inner]
      return `${margin}${operatorText(node)}(\n${parts.map(inside).join(',\n')}\n${margin})`
    }
    case 'binary':
      return `${inside(node.left)}\n${margin}${betweenText(node)}\n${inside(node.right)}`
  }
}
