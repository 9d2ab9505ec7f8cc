/** The sorts of traffic a hammer makes. */
export type Sort = 'get' | 'slow' | 'upload' | 'events' | 'socket'

export const SORTS: readonly Sort[] = ['get', 'slow', 'upload', 'events', 'socket']

/** One failed request: `at` in epoch milliseconds; `release` where one did answer. */
export type Failure = Readonly<{ sort: Sort; at: number; cause: string; release: string | undefined }>

export type SortResult = Readonly<{ requests: number; failed: number }>

export type Latency = Readonly<{ p50: number; p99: number; max: number }>

export type HammerResult = Readonly<{
  requests: number
  failed: number
  seconds: number
  /** The first of them, at most 1,000; `failed` counts all. */
  failures: readonly Failure[]
  latencyMs: Readonly<Record<Sort, Latency>>
  bySort: Readonly<Record<Sort, SortResult>>
  /** Answers, good and bad, per value of the header x-release. */
  byRelease: Readonly<Record<string, number>>
  /** The same for each front, by its host and port. */
  byFront: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Those of `failed` that a release did answer, by the release. */
  failedByRelease: Readonly<Record<string, number>>
}>

/** Who answered: the front that was asked, and the release behind it when it said so. */
export type Answerer = Readonly<{ front: string; release: string | undefined }>

export type Tally = Readonly<{
  succeeded: (sort: Sort, latencyMs: number, answerer: Answerer | undefined) => void
  failed: (sort: Sort, cause: string, answerer: Answerer | undefined) => void
  result: () => HammerResult
}>

const MAX_FAILURES = 1000
const MAX_RELEASES = 100
const BUCKETS_PER_OCTAVE = 32
const OCTAVES = 28

/** Counts what happened, in memory that does not grow with the run. */
export function makeTally(): Tally {
  const started = performance.now()
  const failures: Failure[] = []
  const counts = bySort(() => ({ requests: 0, failed: 0 }))
  const latencies = bySort(makeHistogram)
  const releases: Counts = new Map()
  const fronts = new Map<string, Counts>()
  const failedReleases: Counts = new Map()

  const answered = ({ front, release }: Answerer): void => {
    if (release === undefined) return
    count(releases, release)
    const ofFront = fronts.get(front) ?? new Map<string, number>()
    fronts.set(front, ofFront)
    count(ofFront, release)
  }

  return {
    succeeded: (sort, latencyMs, answerer) => {
      counts[sort].requests += 1
      latencies[sort].add(latencyMs)
      if (answerer !== undefined) answered(answerer)
    },
    failed: (sort, cause, answerer) => {
      counts[sort].requests += 1
      counts[sort].failed += 1
      if (answerer !== undefined) answered(answerer)
      if (answerer?.release !== undefined) count(failedReleases, answerer.release)
      if (failures.length < MAX_FAILURES)
        failures.push({ sort, at: Date.now(), cause, release: answerer?.release })
    },
    result: () => ({
      requests: SORTS.reduce((sum, sort) => sum + counts[sort].requests, 0),
      failed: SORTS.reduce((sum, sort) => sum + counts[sort].failed, 0),
      seconds: (performance.now() - started) / 1000,
      failures: [...failures],
      latencyMs: bySort((sort) => latencies[sort].read()),
      bySort: bySort((sort) => ({ ...counts[sort] })),
      byRelease: Object.fromEntries(releases),
      byFront: Object.fromEntries([...fronts].map(([front, of]) => [front, Object.fromEntries(of)])),
      failedByRelease: Object.fromEntries(failedReleases),
    }),
  }
}

type Counts = Map<string, number>

function count(counts: Counts, release: string): void {
  if (counts.has(release) || counts.size < MAX_RELEASES) counts.set(release, (counts.get(release) ?? 0) + 1)
}

type Histogram = Readonly<{ add: (ms: number) => void; read: () => Latency }>

// Buckets of equal ratio, 2 % wide, from a microsecond up; a percentile is the upper edge of its bucket.
function makeHistogram(): Histogram {
  const buckets = new Uint32Array(BUCKETS_PER_OCTAVE * OCTAVES)
  let max = 0
  let total = 0
  const percentile = (share: number): number => {
    let seen = 0
    for (const [index, count] of buckets.entries()) {
      seen += count
      if (count > 0 && seen >= total * share)
        return Math.min(max, 2 ** ((index + 1) / BUCKETS_PER_OCTAVE) / 1000)
    }
    return 0
  }
  const rounded = (ms: number) => Math.round(ms * 1000) / 1000
  return {
    add: (ms) => {
      total += 1
      if (ms > max) max = ms
      const index = Math.floor(Math.log2(Math.max(1, ms * 1000)) * BUCKETS_PER_OCTAVE)
      const place = Math.min(index, buckets.length - 1)
      buckets[place] = (buckets[place] ?? 0) + 1
    },
    read: () => ({ p50: rounded(percentile(0.5)), p99: rounded(percentile(0.99)), max: rounded(max) }),
  }
}

function bySort<T>(make: (sort: Sort) => T): Record<Sort, T> {
  return {
    get: make('get'),
    slow: make('slow'),
    upload: make('upload'),
    events: make('events'),
    socket: make('socket'),
  }
}
