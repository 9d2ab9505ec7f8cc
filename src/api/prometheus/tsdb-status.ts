import type { Json } from '../../change/json.ts'
import type { Top } from '../../metrics/storage/top.ts'

/** What there is most of, in the words of Prometheus; what it has no words for is under `tandem`. */
export function tsdbStatus(top: Top): Json {
  const { samplesPerSecond, bytes, blocks, head, jobs, hosts, refused } = top
  return {
    headStats: {
      numSeries: top.series,
      numLabelPairs: top.pairsInAll,
      chunkCount: head.pieces,
      // Prometheus says the ends of all times where nothing is in memory; numbers of JSON do not reach so far.
      minTime: head.span?.fromMs ?? 0,
      maxTime: head.span?.toMs ?? 0,
    },
    seriesCountByMetricName: top.metrics.map(({ name, series }) => ({ name, value: series })),
    labelValueCountByLabelName: top.labels.map(({ name, values }) => ({ name, value: values })),
    memoryInBytesByLabelName: top.labels
      .map((label) => ({ name: label.name, value: label.bytes }))
      .toSorted((a, b) => b.value - a.value),
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
