import type { Expression, Pin, VectorSelector } from '../ast.ts'
import { looksAtTime } from '../evaluate/pinned.ts'

/** The same expression with every selector and subquery pinned to a time; null where that is not the same question. */
export function pinnedTo(node: Expression, atMs: number): Expression | null {
  const pin: Pin = { type: 'time', ms: atMs }
  try {
    return pinned(node, pin)
  } catch (error) {
    if (error instanceof NotTheSame) return null
    throw error
  }
}

class NotTheSame extends Error {}

function pinned(node: Expression, pin: Pin): Expression {
  switch (node.type) {
    case 'number':
    case 'string':
      return node
    case 'vector':
      return pinnedSelector(node, pin)
    case 'matrix':
      return { ...node, selector: pinnedSelector(node.selector, pin) }
    case 'subquery':
      // What is asked inside of a pinned subquery is pinned by it.
      return node.pin === null ? { ...node, pin, inner: checked(node.inner, pin) } : node
    case 'aggregation': {
      const parameter = node.parameter === null ? null : pinned(node.parameter, pin)
      return { ...node, parameter, inner: pinned(node.inner, pin) }
    }
    case 'binary':
      return { ...node, left: pinned(node.left, pin), right: pinned(node.right, pin) }
    case 'call':
      if (looksAtTime.has(node.name)) throw new NotTheSame()
      return { ...node, args: node.args.map((arg) => pinned(arg, pin)) }
    case 'unary':
    case 'parens':
      return { ...node, inner: pinned(node.inner, pin) }
  }
}

/** The expression as it is, once it is known not to look at the time. */
function checked(node: Expression, pin: Pin): Expression {
  pinned(node, pin)
  return node
}

function pinnedSelector(selector: VectorSelector, pin: Pin): VectorSelector {
  return selector.pin === null ? { ...selector, pin } : selector
}
