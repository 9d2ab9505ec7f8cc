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

/**
 * A function of a window; it is asked only about windows with at least so many samples, and may still have nothing to say.
 */
export type OverTime = Readonly<{ least: 1 | 2; needsFalls: boolean; of: (view: View) => number | null }>

export function overTime(least: 1 | 2, of: OverTime['of']): OverTime {
  return { least, needsFalls: false, of }
}
