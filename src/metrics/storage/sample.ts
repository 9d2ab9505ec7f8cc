import type { Labels } from '../labels.ts'

/** A measured number. Times are whole milliseconds since the epoch; `stale` says that the series ends there. */
export type Sample = Readonly<{ labels: Labels; ms: number; value: number; stale?: true }>

/** Why a sample was not taken. Nothing of what is refused may be tried again; it would be refused again. */
export type Refusal = Readonly<{
  sample: Sample
  why: 'contradicts' | 'too old' | 'too new' | 'too many series' | 'not a time'
}>

/** What became of samples: taken means that they outlive us. */
export type Taken = Readonly<{ taken: number; refused: readonly Refusal[] }>
