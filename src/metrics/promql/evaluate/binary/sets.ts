import type { Binary } from '../../ast.ts'
import { type Column, markPresent, masked, mergedByLabels } from '../column.ts'
import type { Frame } from '../frame.ts'
import { signatureKeyOf } from './signature.ts'

/** `and`, `or` and `unless`: series are kept or not by whether their signature is on the other side at that step. */
export function ofSets(node: Binary, frame: Frame): Iterable<Column> {
  const left = [...frame.vector(node.left)]
  const right = [...frame.vector(node.right)]
  const sift = sieve(node, frame.grid.count)
  if (node.operator === 'and') return sift(left, right, 1)
  if (node.operator === 'unless') return sift(left, right, 0)
  return mergedByLabels([...left, ...sift(right, left, 0)])
}

/** Keeps columns at those steps at which one with their signature is among the others, or (with 0) is not. */
function sieve(
  { matching }: Binary,
  count: number,
): (columns: readonly Column[], others: readonly Column[], wanted: 0 | 1) => readonly Column[] {
  const keyOf = signatureKeyOf(matching)
  return (columns, others, wanted) => {
    const masks = new Map<string, Uint8Array>()
    for (const other of others) {
      const key = keyOf(other.labels)
      const mask = masks.get(key) ?? new Uint8Array(count)
      masks.set(key, mask)
      markPresent(mask, other)
    }
    return columns.flatMap((column) => {
      const mask = masks.get(keyOf(column.labels))
      if (mask === undefined) return wanted === 0 ? [column] : []
      return masked(column, mask, wanted) ?? []
    })
  }
}
