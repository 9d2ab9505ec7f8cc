/**
 * The φ-quantile of the values, which are sorted in place; between two of them it is weighted. NaN counts as smaller than
 * everything. Outside of 0 to 1 the quantile is infinite.
 */
export function quantileOf(phi: number, values: Float64Array): number {
  const count = values.length
  if (count === 0 || Number.isNaN(phi)) return NaN
  if (phi < 0) return -Infinity
  if (phi > 1) return Infinity
  const sorted = values.sort()
  // Typed arrays put NaN last.
  let numbers = count
  while (numbers > 0 && Number.isNaN(sorted[numbers - 1])) numbers -= 1
  const nans = count - numbers
  const at = (rank: number): number => (rank < nans ? NaN : (sorted[rank - nans] ?? NaN))
  const rank = phi * (count - 1)
  const lower = Math.max(0, Math.floor(rank))
  const upper = Math.min(count - 1, lower + 1)
  const weight = rank - Math.floor(rank)
  return at(lower) * (1 - weight) + at(upper) * weight
}
