import { QueryFailure } from '../failure.ts'
import { valueText } from '../format.ts'
import { add, type Sum, total } from './kahan.ts'
import { type OverTime, overTime, type View } from './view.ts'

/** Functions of how values go on. */
export const trends: Readonly<Record<string, OverTime>> = {
  deriv: overTime(2, (view) => line(view, view.times[view.from] ?? 0).slope),
  predict_linear: overTime(2, (view) => {
    const { slope, intercept } = line(view, view.atMs)
    return slope * (view.args[0]?.[view.step] ?? 0) + intercept
  }),
  // Its factors are refused also where there is nothing to smooth.
  holt_winters: overTime(1, smoothed),
}

/** The straight line with the least squares; `intercept` is its value at `originMs`. */
function line(
  { times, values, from, to }: View,
  originMs: number,
): Readonly<{ slope: number; intercept: number }> {
  const first = values[from] ?? 0
  let isFlat = true
  const x: Sum = { sum: 0, lost: 0 }
  const y: Sum = { sum: 0, lost: 0 }
  const xy: Sum = { sum: 0, lost: 0 }
  const xx: Sum = { sum: 0, lost: 0 }
  for (let at = from; at < to; at += 1) {
    const value = values[at] ?? 0
    if (value !== first) isFlat = false
    const seconds = ((times[at] ?? 0) - originMs) / 1000
    add(x, seconds)
    add(y, value)
    add(xy, seconds * value)
    add(xx, seconds * seconds)
  }
  if (isFlat) {
    const isFinite = Math.abs(first) !== Infinity
    return isFinite ? { slope: 0, intercept: first } : { slope: NaN, intercept: NaN }
  }
  const count = to - from
  const covariance = total(xy) - (total(x) * total(y)) / count
  const spread = total(xx) - (total(x) * total(x)) / count
  const slope = covariance / spread
  return { slope, intercept: total(y) / count - (slope * total(x)) / count }
}

/** Double exponential smoothing: the level follows with the first factor, the trend with the second. */
function smoothed({ values, from, to, args, step }: View): number | null {
  const levelFactor = args[0]?.[step] ?? 0
  const trendFactor = args[1]?.[step] ?? 0
  refuseUnless(levelFactor, 'smoothing factor. Expected: 0 < sf < 1')
  refuseUnless(trendFactor, 'trend factor. Expected: 0 < tf < 1')
  if (to - from < 2) return null
  let before = 0
  let level = values[from] ?? 0
  let trend = (values[from + 1] ?? 0) - level
  for (let at = from + 1; at < to; at += 1) {
    if (at > from + 1) trend = trendFactor * (level - before) + (1 - trendFactor) * trend
    const next = levelFactor * (values[at] ?? 0) + (1 - levelFactor) * (level + trend)
    before = level
    level = next
  }
  return level
}

function refuseUnless(factor: number, what: string): void {
  if (factor <= 0 || factor >= 1)
    throw new QueryFailure('execution', `invalid ${what}, got: ${fixed(factor)}`)
}

function fixed(value: number): string {
  return Number.isFinite(value) ? value.toFixed(6) : valueText(value)
}
