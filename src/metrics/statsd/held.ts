import type { Labels } from '../labels.ts'

/**
 * What is counted of one metric. `touched` is the number of the flush before which it was last heard of; `sent` are the
 * numbers of its series, none before it was flushed for the first time.
 */
export type Held = {
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'set'
  readonly name: string
  readonly series: readonly Labels[]
  /** Upper bounds of a histogram, rising. */
  readonly bounds: Float64Array
  /** What values are divided by: a timer says milliseconds, and its series seconds. */
  readonly divisor: number
  /** The count or the value; of a histogram how many fell into each bucket, beyond the last, and the sum. */
  readonly cells: Float64Array
  /** What was seen of a set, each as a number made of its bytes. */
  readonly members: Set<number>
  touched: number
  sent: readonly number[]
}

/** A thousand counts of one more are as many objects fewer: everything is in place. */
export function observe({ bounds, cells }: Held, value: number, weight: number): void {
  let [low, high] = [0, bounds.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (value <= (bounds[middle] ?? Infinity)) high = middle
    else low = middle + 1
  }
  cells[low] = (cells[low] ?? 0) + weight
  const sum = bounds.length + 1
  cells[sum] = (cells[sum] ?? 0) + value * weight
}

/** Two hashes of 26 bits side by side: a number that is whole. */
export function memberOf(bytes: Uint8Array, from: number, to: number): number {
  let [one, other] = [0x811c9dc5, 0x9747b28c]
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0
    one = Math.imul(one ^ byte, 0x01000193)
    other = Math.imul(other ^ byte, 0x5bd1e995) ^ (other >>> 13)
  }
  return (one >>> 6) * 2 ** 26 + (Math.imul(other ^ (other >>> 15), 0x2c1b3c6d) >>> 6)
}
