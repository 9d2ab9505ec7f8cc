import type { Expression } from '../ast.ts'

/** Functions that look at the time of the question, also when what they are given is pinned. */
export const looksAtTime: ReadonlySet<string> = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'time',
  'timestamp',
])

/** All parts of an expression that come to the same at every time: what is pinned by `@`, and what is made of that. */
export function pinnedParts(root: Expression): ReadonlySet<Expression> {
  const pinned = new Set<Expression>()
  const visit = (node: Expression): boolean => {
    const areParts = partsOf(node).map(visit).every(Boolean)
    // What a subquery asks does not matter: without a pin its times move along.
    const isPinned = (areParts || node.type === 'subquery') && staysPinned(node)
    if (isPinned) pinned.add(node)
    return isPinned
  }
  visit(root)
  return pinned
}

function staysPinned(node: Expression): boolean {
  switch (node.type) {
    case 'vector':
    case 'subquery':
      return node.pin !== null
    case 'matrix':
      return node.selector.pin !== null
    case 'call':
      return !looksAtTime.has(node.name)
    case 'number':
    case 'string':
    case 'aggregation':
    case 'binary':
    case 'unary':
    case 'parens':
      return true
  }
}

/** The expressions that an expression is made of. */
export function partsOf(node: Expression): readonly Expression[] {
  switch (node.type) {
    case 'number':
    case 'string':
    case 'vector':
    case 'matrix':
      return []
    case 'aggregation':
      return node.parameter === null ? [node.inner] : [node.parameter, node.inner]
    case 'binary':
      return [node.left, node.right]
    case 'call':
      return node.args
    case 'subquery':
    case 'unary':
    case 'parens':
      return [node.inner]
  }
}
