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
  keepLogsMs: 30 * 24 * 3_600_000,
  scrapeMs: 15_000,
  scrapeTimeoutMs: 10_000,
  scrapeBytes: 16 * 1024 ** 2,
  scrapeSamples: 100_000,
  metricsPath: '/metrics',
} as const
