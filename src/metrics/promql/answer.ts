import type { Labels } from '../labels.ts'

/** One value of one series. */
export type Sample = Readonly<{ labels: Labels; atMs: number; value: number }>

/** Values of one series, oldest first. */
export type Series = Readonly<{ labels: Labels; times: Float64Array; values: Float64Array }>

export type Value =
  | Readonly<{ type: 'scalar'; atMs: number; value: number }>
  | Readonly<{ type: 'string'; atMs: number; value: string }>
  | Readonly<{ type: 'vector'; samples: readonly Sample[] }>
  | Readonly<{ type: 'matrix'; series: readonly Series[] }>

/** What a query came to, and what people should know of it. */
export type Answer<Kind extends Value = Value> = Readonly<{ value: Kind; warnings: readonly string[] }>
