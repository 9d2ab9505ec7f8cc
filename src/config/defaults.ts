import type { StageConfig } from './config.ts'

/** What `tandem.ts` means where it says nothing. */
export const defaults = {
  sshPort: 22,
  repo: '.',
  output: '.',
  buildLimitMs: 15 * 60_000,
  count: 1,
  status: 200,
  withinMs: 30_000,
  keep: 5,
  /** The only environment of an app that names none; it is on all hosts. */
  environment: 'production',
  stages: [
    { name: 'canary', share: { type: 'hosts', hosts: 1 } },
    { name: 'rest', share: { type: 'percent', percent: 100 } },
  ] satisfies StageConfig[],
  watchMs: 10_000,
  drainMs: 30_000,
  driftMs: 30 * 60_000,
  warmMs: 15 * 60_000,
  when: 'by hand',
  branch: 'main',
  protect: ['main'],
  largestBytes: 256 * 1024 ** 2,
  jobLimitMs: 15 * 60_000,
  cachesBytes: 10 * 1024 ** 3,
  logsBytes: 10 * 1024 ** 3,
  keepReleasesMs: 90 * 24 * 3_600_000,
  releasesBytes: 20 * 1024 ** 3,
  keepLogsMs: 30 * 24 * 3_600_000,
  scrapeMs: 15_000,
  scrapeTimeoutMs: 10_000,
  scrapeBytes: 16 * 1024 ** 2,
  scrapeSamples: 100_000,
  metricsPath: '/metrics',
  farQueueBytes: 1024 ** 3,
  wireAddress: '127.0.0.1',
  statsdPort: 8125,
  statsdFlushMs: 10_000,
  graphitePort: 2003,
  graphiteFlushMs: 1_000,
  wireIdleMs: 3_600_000,
  wireSeries: 20_000,
  wireBufferBytes: 8 * 1024 ** 2,
  /** From a millisecond to a minute: what people wait for. */
  secondsBuckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  /** Bytes, items, euros: nobody knows which. */
  valuesBuckets: [
    0.001, 0.01, 0.1, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1e3, 2.5e3, 5e3, 1e4, 2.5e4, 5e4, 1e5, 1e6, 1e7,
    1e8, 1e9,
  ],
} as const
