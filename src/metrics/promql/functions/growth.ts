import type { Across, AllWindows } from './view.ts'

/** What `extended` comes to is known but for the growth: here are its parts by step, with the same roundings. */
type Stretches = Readonly<{
  /** Seconds between the first and the last sample. */
  sampled: Float64Array
  toStart: Float64Array
  /** From where on the older edge is too far away, and what is added then. */
  near: Float64Array
  half: Float64Array
  /** What is added for the newer edge. */
  atEnd: Float64Array
}>

/** How much counters grew in each window, stretched to its edges and divided by `seconds`, if any. */
export function growthAcross(windows: AllWindows, seconds: number | null): Across {
  const { from, to } = windows
  const { sampled, toStart, near, half, atEnd } = stretchesOf(windows)
  return ({ values, falls }, into) => {
    let nextFall = 0
    for (let step = 0; step < into.length; step += 1) {
      const at = from[step] ?? 0
      const end = to[step] ?? 0
      if (end - at < 2) continue
      const first = values[at] ?? 0
      let growth = (values[end - 1] ?? 0) - first
      if (falls.length > 0) {
        while (nextFall < falls.length && (falls[nextFall] ?? 0) <= at) nextFall += 1
        for (let nth = nextFall; nth < falls.length && (falls[nth] ?? 0) < end; nth += 1)
          growth += values[(falls[nth] ?? 0) - 1] ?? 0
      }
      const between = sampled[step] ?? 0
      const most = growth > 0 && first >= 0 ? between * (first / growth) : Infinity
      const reach = Math.min(toStart[step] ?? 0, most)
      const start = reach < (near[step] ?? 0) ? reach : (half[step] ?? 0)
      const factor = (between + start + (atEnd[step] ?? 0)) / between
      into[step] = growth * (seconds === null ? factor : factor / seconds)
    }
  }
}

function stretchesOf({ times, from, to, endsMs, rangeMs }: AllWindows): Stretches {
  const column = (): Float64Array => new Float64Array(endsMs.length)
  const stretches = { sampled: column(), toStart: column(), near: column(), half: column(), atEnd: column() }
  for (let step = 0; step < endsMs.length; step += 1) {
    const [at, end, endMs] = [from[step] ?? 0, to[step] ?? 0, endsMs[step] ?? 0]
    const [firstMs, lastMs] = [times[at] ?? 0, times[end - 1] ?? 0]
    const sampled = (lastMs - firstMs) / 1000
    const between = sampled / (end - at - 1)
    const near = between * 1.1
    const toEnd = (endMs - lastMs) / 1000
    stretches.sampled[step] = sampled
    stretches.toStart[step] = (firstMs - (endMs - rangeMs)) / 1000
    stretches.near[step] = near
    stretches.half[step] = between / 2
    stretches.atEnd[step] = toEnd < near ? toEnd : between / 2
  }
  return stretches
}
