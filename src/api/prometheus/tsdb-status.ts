import type { Json } from '../../change/json.ts'
import type { Top } from '../../metrics/storage/top.ts'

/** What there is most of, in the words of Prometheus; what it has no words for is under `tandem`. */
export function tsdbStatus(top: Top): Json {
  const { samplesPerSecond, bytes, blocks, jobs, hosts, refused } = top
  return {
    headStats: { numSeries: top.series, numLabelPairs: top.pairsInAll },
    seriesCountByMetricName: top.metrics.map(({ name, series }) => ({ name, value: series })),
    labelValueCountByLabelName: top.labels.map(({ name, values }) => ({ name, value: values })),
    seriesCountByLabelValuePair: top.pairs.map(({ label, value, series }) => ({
      name: `${label}=${value}`,
      value: series,
    })),
    tandem: {
      samplesPerSecond,
      bytes,
      blocks,
      seriesCountByJob: jobs.map(({ name, series }) => ({ name, value: series })),
      seriesCountByHost: hosts.map(({ name, series }) => ({ name, value: series })),
      refused: [...refused],
    },
  }
}

/** How many of each are told, when somebody asks for so many. */
export function limitOf(params: URLSearchParams): number {
  const given = Number(params.get('limit') ?? usualLimit)
  return Number.isInteger(given) && given > 0 ? Math.min(given, mostTold) : usualLimit
}

const usualLimit = 10
const mostTold = 1000
