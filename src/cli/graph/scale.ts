/** What an axis goes from and to, and where its lines are. */
export type Scale = Readonly<{ low: number; high: number; ticks: readonly number[] }>

const suffixes = ['', 'k', 'M', 'G', 'T', 'P'] as const

/** A scale that holds all finite values, with at most so many ticks at round numbers. What is never negative begins at 0. */
export function scaleOf(lines: readonly Float64Array[], most: number): Scale {
  let [low, high] = [Infinity, -Infinity]
  for (const line of lines)
    for (const value of line) {
      if (!Number.isFinite(value)) continue
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  if (low > high) [low, high] = [0, 1]
  // Numbers far from 0 that move little would be a flat line.
  if (low >= 0 && low < high * 0.9) low = 0
  if (low === high)
    [low, high] = low === 0 ? [0, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1]
  const step = roundStep((high - low) / Math.max(1, most - 1))
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)]
  const ticks = Array.from({ length: last - first + 1 }, (_, nth) =>
    Number(((first + nth) * step).toPrecision(12)),
  )
  return { low: ticks[0] ?? low, high: ticks.at(-1) ?? high, ticks }
}

/** The next of 1, 2, 5, 10, 20 … */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10
  return factor * power
}

/** A number in few letters: `0.25`, `1.5k`, `-3M`, `1e-7`. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '-' : value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size < 1e-4 || size >= 1e18)
    return value
      .toExponential(2)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e')
  const power = Math.max(0, Math.min(suffixes.length - 1, Math.floor(Math.log10(size * (1 + 1e-12)) / 3)))
  return `${Number((value / 1000 ** power).toPrecision(4))}${suffixes[power]}`
}
