import { add, type Sum, total } from './kahan.ts'
import { quantileOf } from './quantile.ts'
import { type OverTime, overTime, type View } from './view.ts'

/** Functions of the values in a window, whatever their times. */
export const moments: Readonly<Record<string, OverTime>> = {
  avg_over_time: overTime(1, average),
  sum_over_time: overTime(1, sum),
  min_over_time: overTime(1, least),
  max_over_time: overTime(1, greatest),
  count_over_time: overTime(1, ({ from, to }) => to - from),
  last_over_time: overTime(1, ({ values, to }) => values[to - 1] ?? 0),
  present_over_time: overTime(1, () => 1),
  stddev_over_time: overTime(1, (view) => Math.sqrt(variance(view))),
  stdvar_over_time: overTime(1, variance),
  quantile_over_time: overTime(1, ({ values, from, to, args, step }) =>
    quantileOf(args[0]?.[step] ?? 0, values.slice(from, to)),
  ),
  changes: overTime(1, changes),
  resets: { least: 1, needsFalls: true, of: resets },
}

function sum({ values, from, to }: View): number {
  let whole = 0
  let lost = 0
  for (let at = from; at < to; at += 1) {
    const value = values[at] ?? 0
    const next = whole + value
    lost += Math.abs(whole) >= Math.abs(value) ? whole - next + value : value - next + whole
    whole = next
  }
  return Math.abs(whole) === Infinity ? whole : whole + lost
}

/** A running mean, so that values near the largest number do not overflow. */
function average({ values, from, to }: View): number {
  const mean: Sum = { sum: 0, lost: 0 }
  for (let at = from; at < to; at += 1) {
    const value = values[at] ?? 0
    const count = at - from + 1
    // An infinite mean stays, unless what comes is NaN or the other infinity.
    const isSettled = Math.abs(mean.sum) === Infinity && !Number.isNaN(value) && value !== -mean.sum
    if (!isSettled) add(mean, value / count - mean.sum / count)
  }
  return Math.abs(mean.sum) === Infinity ? mean.sum : total(mean)
}

function variance({ values, from, to }: View): number {
  const mean: Sum = { sum: 0, lost: 0 }
  const squares: Sum = { sum: 0, lost: 0 }
  for (let at = from; at < to; at += 1) {
    const value = values[at] ?? 0
    const delta = value - total(mean)
    add(mean, delta / (at - from + 1))
    add(squares, delta * (value - total(mean)))
  }
  return total(squares) / (to - from)
}

/** NaN only where there is nothing else. */
function least({ values, from, to }: View): number {
  let found = values[from] ?? 0
  for (let at = from + 1; at < to; at += 1) {
    const value = values[at] ?? 0
    if (value < found || Number.isNaN(found)) found = value
  }
  return found
}

function greatest({ values, from, to }: View): number {
  let found = values[from] ?? 0
  for (let at = from + 1; at < to; at += 1) {
    const value = values[at] ?? 0
    if (value > found || Number.isNaN(found)) found = value
  }
  return found
}

function changes({ values, from, to }: View): number {
  let count = 0
  for (let at = from + 1; at < to; at += 1) {
    const value = values[at] ?? 0
    const before = values[at - 1] ?? 0
    if (value !== before && !(Number.isNaN(value) && Number.isNaN(before))) count += 1
  }
  return count
}

function resets({ from, to, falls }: View): number {
  let count = 0
  for (const fall of falls) if (fall > from && fall < to) count += 1
  return count
}
