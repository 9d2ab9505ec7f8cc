/** How many samples there are in a window, between which two of them, and the edges of the window; in milliseconds. */
export type Sampled = Readonly<{
  firstMs: number
  lastMs: number
  count: number
  startMs: number
  endMs: number
}>

/**
 * By how much the growth between first and last sample is stretched to the edges of the window: all the way where the gap
 * is at most a tenth longer than between samples, else by half of that. To the older edge it reaches no further than
 * `most` times the time between first and last sample.
 */
export function extended({ firstMs, lastMs, count, startMs, endMs }: Sampled, most: number): number {
  const sampledSeconds = (lastMs - firstMs) / 1000
  const between = sampledSeconds / (count - 1)
  const toStart = Math.min((firstMs - startMs) / 1000, sampledSeconds * most)
  const toEnd = (endMs - lastMs) / 1000
  const near = between * 1.1
  const covered =
    sampledSeconds + (toStart < near ? toStart : between / 2) + (toEnd < near ? toEnd : between / 2)
  return covered / sampledSeconds
}
