/** What OTLP says, however it was written: as protocol buffers or as JSON. */
export type OtlpBatch = Readonly<{ resource: Attributes; metrics: readonly OtlpMetric[] }>

export type Attributes = ReadonlyMap<string, string>

export type OtlpMetric = Readonly<{
  name: string
  description: string
  unit: string
  kind: 'gauge' | 'sum' | 'histogram' | 'exponential' | 'summary'
  /** Whether each point counts only what came since the one before. */
  isDelta: boolean
  isMonotonic: boolean
  points: readonly Point[]
}>

/** A point of any kind. What its kind does not have is empty. */
export type Point = Readonly<{
  attributes: Attributes
  /** Milliseconds since the epoch; 0 where it does not say. */
  ms: number
  /** It says that there is nothing to say any more. */
  isGone: boolean
  value: number
  count: number
  /** Null where it was not summed up. */
  sum: number | null
  bucketCounts: readonly number[]
  bounds: readonly number[]
  quantiles: readonly Readonly<{ quantile: number; value: number }>[]
  scale: number
  zeroCount: number
  positive: Buckets
  negative: Buckets
}>

/** Bucket `at` reaches from base^(offset + at) to base^(offset + at + 1), where base is 2^(2^-scale). */
export type Buckets = Readonly<{ offset: number; counts: readonly number[] }>

export const noBuckets: Buckets = { offset: 0, counts: [] }

export const noPoint: Point = {
  attributes: new Map(),
  ms: 0,
  isGone: false,
  value: 0,
  count: 0,
  sum: null,
  bucketCounts: [],
  bounds: [],
  quantiles: [],
  scale: 0,
  zeroCount: 0,
  positive: noBuckets,
  negative: noBuckets,
}

/** The flag of a point that only says that it ends. */
export const goneFlag = 1

/** How attributes may lie in each other before nobody looks any deeper. */
export const deepest = 8

export type Kind = OtlpMetric['kind']

/** 1 is the change since the last time, 2 the whole since the start. */
export const deltaTemporality = 1
