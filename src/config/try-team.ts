import type { TeamConfig } from './config.ts'
import { metricsConfig } from './metrics/resolve.ts'

/** A team that has nothing, for tests to which it does not matter what it has. */
export const noTeam: TeamConfig = {
  people: {},
  hosts: {},
  apps: {},
  groups: {},
  roles: [],
  infra: { stages: [], driftMs: null, repo: null, apply: 'by hand', freeze: [], zone: null },
  repos: {},
  ci: {
    parallel: null,
    keepMs: 0,
    builders: [],
    cachesBytes: 0,
    logsBytes: 0,
    keepReleasesMs: 0,
    releasesBytes: 0,
  },
  metrics: metricsConfig({}, new Map()),
  url: null,
}
