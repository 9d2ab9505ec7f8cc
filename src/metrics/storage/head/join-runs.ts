import type { Labels } from '../../labels.ts'
import type { Run } from '../../source.ts'

const nothing = new Float64Array(0)

export function noRun(labels: Labels): Run {
  return { labels, times: nothing, values: nothing, stale: null }
}

/** One run of pieces that follow each other in time. */
export function joinRuns(labels: Labels, pieces: readonly Run[]): Run {
  const filled = pieces.filter(({ times }) => times.length > 0)
  const [only] = filled
  if (only === undefined) return noRun(labels)
  if (filled.length === 1) return only
  const length = filled.reduce((sum, { times }) => sum + times.length, 0)
  const [times, values] = [new Float64Array(length), new Float64Array(length)]
  const stale: number[] = []
  let at = 0
  for (const piece of filled) {
    times.set(piece.times, at)
    values.set(piece.values, at)
    for (const place of piece.stale ?? []) stale.push(at + place)
    at += piece.times.length
  }
  return { labels, times, values, stale: stale.length === 0 ? null : Int32Array.from(stale) }
}

/** One run of two that lie between each other; where both have a time, the first one's sample stays. */
export function mergeRuns(first: Run, second: Run): Run {
  if (second.times.length === 0) return first
  if (first.times.length === 0) return second
  const length = first.times.length + second.times.length
  const [times, values] = [new Float64Array(length), new Float64Array(length)]
  const stale: number[] = []
  const marks = [new Set(first.stale), new Set(second.stale)] as const
  let [a, b, count] = [0, 0, 0]
  while (a < first.times.length || b < second.times.length) {
    const [one, other] = [first.times[a] ?? Infinity, second.times[b] ?? Infinity]
    const isFirst = one <= other
    if (isFirst ? marks[0].has(a) : marks[1].has(b)) stale.push(count)
    times[count] = isFirst ? one : other
    values[count] = (isFirst ? first.values[a] : second.values[b]) ?? 0
    count += 1
    if (one <= other) a += 1
    if (other <= one) b += 1
  }
  return {
    labels: first.labels,
    times: times.subarray(0, count),
    values: values.subarray(0, count),
    stale: stale.length === 0 ? null : Int32Array.from(stale),
  }
}
