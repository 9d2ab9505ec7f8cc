/** The sorts of traffic a hammer makes. */
export type Sort = 'get' | 'slow' | 'upload' | 'events' | 'socket'

export const SORTS: readonly Sort[] = ['get', 'slow', 'upload', 'events', 'socket']

/** One failed request: `at` in epoch milliseconds. */
export type Failure = Readonly<{ sort: Sort; at: number; cause: string }>

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
  /** Answers per value of the header x-release. */
  byRelease: Readonly<Record<string, number>>
}>

export type Tally = Readonly<{
  succeeded: (sort: Sort, latencyMs: number, release: string | undefined) => void
  failed: (sort: Sort, cause: string) => void
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
  const releases = new Map<string, number>()

  const countRelease = (release: string): void => {
    if (releases.has(release) || releases.size < MAX_RELEASES)
      releases.set(release, (releases.get(release) ?? 0) + 1)
  }

  return {
    succeeded: (sort, latencyMs, release) => {
      counts[sort].requests += 1
      latencies[sort].add(latencyMs)
      if (release !== undefined) countRelease(release)
    },
    failed: (sort, cause) => {
      counts[sort].requests += 1
      counts[sort].failed += 1
      if (failures.length < MAX_FAILURES) failures.push({ sort, at: Date.now(), cause })
    },
    result: () => ({
      requests: SORTS.reduce((sum, sort) => sum + counts[sort].requests, 0),
      failed: SORTS.reduce((sum, sort) => sum + counts[sort].failed, 0),
      seconds: (performance.now() - started) / 1000,
      failures: [...failures],
      latencyMs: bySort((sort) => latencies[sort].read()),
      bySort: bySort((sort) => ({ ...counts[sort] })),
      byRelease: Object.fromEntries(releases),
    }),
  }
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
