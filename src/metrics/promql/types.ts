import { bare, type Expression, type ValueType } from './ast.ts'
import { signatureOf } from './functions/signatures.ts'

/** What an expression comes to. */
export function typeOf(expression: Expression): ValueType {
  const node = bare(expression)
  switch (node.type) {
    case 'number':
      return 'scalar'
    case 'string':
      return 'string'
    case 'vector':
    case 'aggregation':
      return 'vector'
    case 'matrix':
    case 'subquery':
      return 'matrix'
    case 'call':
      return signatureOf(node.name).returns
    case 'unary':
      return typeOf(node.inner)
    case 'binary':
      return typeOf(node.left) === 'scalar' && typeOf(node.right) === 'scalar' ? 'scalar' : 'vector'
  }
}

/** What people call a type. */
export function documented(type: ValueType): string {
  if (type === 'vector') return 'instant vector'
  return type === 'matrix' ? 'range vector' : type
}
