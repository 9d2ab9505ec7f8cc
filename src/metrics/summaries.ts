/**
 * What is kept of samples that followed each other, in columns. A place stands for the samples of one stretch of time, which
 * begins at a whole multiple of its length; one sample is a stretch as well. Markers of staleness are not among them.
 */
export type Summaries = Readonly<{
  firstTimes: Float64Array
  firsts: Float64Array
  lastTimes: Float64Array
  lasts: Float64Array
  counts: Float64Array
  sums: Float64Array
  /** NaN only where there is nothing else. */
  least: Float64Array
  greatest: Float64Array
  /** How often the value was below the one before, and the sum of what it fell from: a counter began again at 0 there. */
  falls: Float64Array
  lost: Float64Array
}>

/** Summaries in place of the samples of a series. */
export type Summed = Readonly<{
  columns: Summaries
  /** How long the stretch of each place is when its samples are gone; 0 where they are there. */
  lengths: Float64Array
}>

export const columnNames = [
  'firstTimes',
  'firsts',
  'lastTimes',
  'lasts',
  'counts',
  'sums',
  'least',
  'greatest',
  'falls',
  'lost',
] as const satisfies readonly (keyof Summaries)[]

/** Columns, each of which is made by what is given. */
export function columnsBy(make: (name: keyof Summaries) => Float64Array): Summaries {
  return Object.fromEntries(columnNames.map((name) => [name, make(name)])) as Summaries
}
