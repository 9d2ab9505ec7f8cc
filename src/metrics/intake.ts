import type { Labels } from './labels.ts'

/**
 * Samples of many series, a place in each list for each. Plain lists of numbers, because those are quickest to fill and to
 * write down. Times are whole milliseconds since the epoch; `stale` counts out, rising, which samples only say that their
 * series has ended.
 */
export type Columns = Readonly<{
  series: readonly number[]
  times: readonly number[]
  values: readonly number[]
  stale: readonly number[]
}>

/** Why a sample was not taken. It would be refused again, so nobody needs to try. */
export type Reason =
  | 'contradicts'
  | 'too old'
  | 'too new'
  | 'too many series'
  | 'too many values of a label'
  | 'not a time'

/** What became of samples: what is not among the refused outlives us. `at` is the place in the lists. */
export type TakenIn = Readonly<{ taken: number; refused: readonly Readonly<{ at: number; why: Reason }>[] }>

/** What is said of a metric by whoever sends it. */
export type Described = Readonly<{
  type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'gaugehistogram' | 'stateset' | 'info' | 'unknown'
  help: string
  unit: string
}>

/** What takes samples in. Whoever reads a protocol fills columns, and looks each series up only once per era. */
export type Intake = Readonly<{
  /** The number that samples name a series by: the same for the same labels as long as `era` stays. Refuses nobody. */
  numberOf: (labels: Labels) => number
  /** What a number of this or an earlier era is called; null where it was forgotten. By that it is asked for anew. */
  labelsOf: (number: number) => Labels | null
  /** Altered when numbers were forgotten: whoever has kept some asks again. */
  era: () => number
  /** Throws what the file system throws: then nothing was taken, and it may be tried again. */
  take: (columns: Columns) => TakenIn
  describe: (metric: string, described: Described) => void
}>
