/**
 * The samples in the window of one step: those of `times` and `values` from `from` up to, not with, `to`. One view is
 * moved from step to step, so that nothing is allocated on the way.
 */
export type View = {
  times: Float64Array
  values: Float64Array
  from: number
  to: number
  /** The edges of the window, and the time the question is about. */
  startMs: number
  endMs: number
  atMs: number
  rangeMs: number
  step: number
  /** The other arguments of the function, by step. */
  args: readonly Float64Array[]
  /** Where in `values` a counter fell, rising; kept for functions that ask for it. */
  falls: Int32Array
}

/** The windows of all steps, of series that were sampled at the same times. */
export type AllWindows = Readonly<{
  times: Float64Array
  from: Int32Array
  to: Int32Array
  endsMs: Float64Array
  rangeMs: number
}>

/** Writes what a function comes to at each step whose window has enough samples. */
export type Across = (one: Readonly<{ values: Float64Array; falls: Int32Array }>, into: Float64Array) => void

/**
 * A function of a window; it is asked only about windows with at least so many samples, and may still have nothing to say.
 * One that always has something to say may be given with `across`, where what depends on times alone is computed once for all
 * series that share theirs; it comes to the very same.
 */
export type OverTime = Readonly<{
  least: 1 | 2
  needsFalls: boolean
  of: (view: View) => number | null
  across?: (windows: AllWindows) => Across
}>

export function overTime(least: 1 | 2, of: OverTime['of']): OverTime {
  return { least, needsFalls: false, of }
}
