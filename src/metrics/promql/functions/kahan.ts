/** A sum that also keeps what was lost in rounding (Neumaier's): 1e100 + 1 - 1e100 is 1. */
export type Sum = { sum: number; lost: number }

export function add(to: Sum, value: number): void {
  const { sum } = to
  const next = sum + value
  to.lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
  to.sum = next
}

export function total({ sum, lost }: Sum): number {
  return sum + lost
}

/** As `total`, but what is infinite stays so. */
export function settled(sum: Sum): number {
  return Math.abs(sum.sum) === Infinity ? sum.sum : total(sum)
}
