import type { Labels } from '../labels.ts'
import type { SampleSource } from '../source.ts'
import type { FindSeries } from './series.ts'

/** Finds series by looking at their samples. */
export function finderOf(source: SampleSource): FindSeries {
  return async (selection) => {
    const { runs, warnings } = await source.select(selection)
    const series: Labels[] = []
    for (const { labels, times } of runs) if (times.length > 0) series.push(labels)
    return { series, warnings }
  }
}
