/** The value in the middle; of an even number, the mean of the two. NaN of none. */
export function median(values: readonly number[]): number {
  return (percentile(values, 0.5, 'low') + percentile(values, 0.5, 'high')) / 2
}

/** The smallest value that at least this share of the values does not exceed. NaN of none. */
export function percentile(values: readonly number[], share: number, side: 'low' | 'high' = 'low'): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = sorted.length * share
  const index = side === 'high' ? Math.floor(at) : Math.ceil(at) - 1
  return sorted[Math.min(sorted.length - 1, Math.max(0, index))] ?? Number.NaN
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits))
}
