import { withoutName } from '../../../labels.ts'
import type { Binary } from '../../ast.ts'
import { type Column, mapped } from '../column.ts'
import type { Frame } from '../frame.ts'
import { dropsName, operationOf } from './operators.ts'

/** Both sides are scalars; comparisons of scalars are always `bool`. */
export function ofScalars({ operator, left, right }: Binary, frame: Frame): Float64Array {
  const operation = operationOf(operator, true, 'left')
  const rights = frame.scalar(right)
  return frame.scalar(left).map((value, step) => operation(value, rights[step] ?? 0) ?? NaN)
}

/** One side is a scalar. A comparison keeps the value of the vector, whichever side that is on. */
export function* withScalar(node: Binary, frame: Frame, side: 'left' | 'right'): Iterable<Column> {
  const { operator, isBool } = node
  const scalars = frame.scalar(side === 'left' ? node.left : node.right)
  const operation = operationOf(operator, isBool, side === 'left' ? 'right' : 'left')
  const isDropping = dropsName(operator, isBool)
  for (const column of frame.vector(side === 'left' ? node.right : node.left)) {
    const labels = isDropping ? withoutName(column.labels) : column.labels
    const result = mapped(column, labels, (value, step) => {
      const scalar = scalars[step] ?? 0
      return side === 'left' ? operation(scalar, value) : operation(value, scalar)
    })
    if (result !== null) yield result
  }
}
