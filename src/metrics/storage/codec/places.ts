/** No more decimal places than that are looked for: 10^9 is exact, and what has more is no decimal that somebody wrote. */
const mostPlaces = 9
const powers = Array.from({ length: mostPlaces + 1 }, (_, places) => 10 ** places)

/** Below it, differences of differences of whole numbers are exact, and fit what a ByteWriter can write. */
const largest = 2 ** 50

export function powerOf(places: number): number {
  return powers[places] ?? 1
}

/**
 * With how many decimal places all values are whole numbers that lead back to the very same bits. Null when there is no
 * such number up to nine; that is so for what is not finite, and for -0, which a whole number does not keep.
 */
export function placesOf(values: Float64Array): number | null {
  const places = powers.findIndex((power) => values.every((value) => isWhole(value, power)))
  return places === -1 ? null : places
}

function isWhole(value: number, power: number): boolean {
  const scaled = Math.round(value * power)
  return Math.abs(scaled) < largest && scaled / power === value && (value !== 0 || Object.is(value, 0))
}
