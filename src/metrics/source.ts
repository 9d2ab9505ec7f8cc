import type { Labels } from './labels.ts'
import type { Matcher } from './matcher.ts'
import type { Summed } from './summaries.ts'

/** Which samples are asked for. Both ends are included; milliseconds since the epoch. */
export type Selection = Readonly<{
  matchers: readonly Matcher[]
  fromMs: number
  toMs: number
  /** Whether values may be anything, as it is only asked when there were samples; to leave it out means no. */
  onlyTimes?: boolean
  /** The windows that are looked at, where sums of samples do as well as the samples; to leave it out means they do not. */
  windows?: Windows
}>

/** `count` windows, the first of which ends at `endMs` and the next `stepMs` later. Both edges belong to a window. */
export type Windows = Readonly<{ endMs: number; stepMs: number; count: number; rangeMs: number }>

/**
 * The samples of one series, oldest first, no time twice. `times` (whole milliseconds) and `values` are equally long.
 *
 * `stale` counts out, rising, which of them only say that the series has ended there; their values mean nothing. That
 * is not kept in the bits of a NaN, because JavaScript does not promise to keep those.
 *
 * Series that were sampled together may share one `times`: what is computed from it is then computed once.
 */
export type Run = Readonly<{
  labels: Labels
  times: Float64Array
  values: Float64Array
  stale: Int32Array | null
  /** Given where windows are asked about: each place is a summary then, and its time and its value are those of its last sample. */
  summed?: Summed
  /** Gives all of its samples, where sums are not close enough; left out when some are not there any more. */
  unsummed?: () => Run
  /** Where only some of the samples are left: before this place there is one in each stretch of so many milliseconds. */
  thinned?: Readonly<{ before: number; everyMs: number }>
}>

/** What was found, and what people should know of what was not: a part of the store that could not be read. More may come while runs are taken. */
export type Selected = Readonly<{ runs: Iterable<Run>; warnings: readonly string[] }>

/** Series by their names alone, and what people should know of those that were not found. */
export type Found = Readonly<{ series: readonly Labels[]; warnings: readonly string[] }>

/**
 * Where samples come from. To find series may take a while, so that is awaited; then they are taken one at a time, so
 * that no more than one needs to be unpacked. Arrays may be written over as soon as the next one is taken. Each set of
 * labels comes once; runs without samples may be left out.
 */
export type SampleSource = Readonly<{
  select: (selection: Selection) => Promise<Selected>
}>
