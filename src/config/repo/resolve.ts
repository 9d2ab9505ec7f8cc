import { defaults } from '../defaults.ts'
import { tidy } from '../parsed.ts'
import type { CiConfig, ForgeConfig, JobConfig, RepoConfig } from './repo.ts'
import type { ParsedCi, ParsedJob, ParsedRepo } from './schema.ts'

export function repoConfig(repo: ParsedRepo): RepoConfig {
  return {
    protect: repo.protect ?? defaults.protect,
    largestBytes: repo.largest ?? defaults.largestBytes,
    mirrors: repo.mirrors ?? [],
    forge: repo.forge === undefined ? null : forgeConfig(repo.forge),
    jobs: Object.fromEntries(Object.entries(repo.jobs ?? {}).map(([name, job]) => [name, jobConfig(job)])),
  }
}

export function ciConfig(ci: ParsedCi): CiConfig {
  return {
    parallel: ci.parallel ?? null,
    builders: ci.builders ?? [],
    keepMs: ci.keep ?? defaults.keepLogsMs,
    cachesBytes: ci.caches ?? defaults.cachesBytes,
    logsBytes: ci.logs ?? defaults.logsBytes,
    keepReleasesMs: ci.keepReleases ?? defaults.keepReleasesMs,
    releasesBytes: ci.releases ?? defaults.releasesBytes,
  }
}

function forgeConfig(forge: NonNullable<ParsedRepo['forge']>): ForgeConfig {
  const url = forge.url.replace(/\/+$/, '').replace(/\.git$/, '')
  return {
    kind: forge.kind,
    url,
    clone: forge.clone ?? `${url}.git`,
    secret: forge.secret,
    token: forge.token ?? null,
    webhook: forge.webhook ?? 'signature',
  }
}

/** A job with what it means where it says nothing. */
export function jobConfig(job: ParsedJob): JobConfig {
  const matrix = Object.entries(job.matrix ?? {}).map(([name, values]) => [name, values.map(String)])
  return {
    run: job.run,
    needs: job.needs ?? [],
    memoryBytes: job.memory ?? null,
    limitMs: job.limit ?? defaults.jobLimitMs,
    matrix: Object.fromEntries(matrix),
    services: job.services ?? [],
    cache: job.cache ?? {},
    reports: job.reports ?? [],
    network: job.network ?? false,
    retry: job.retry ?? 'once',
    on: job.on ?? null,
    secrets: job.secrets ?? [],
    env: job.env ?? {},
    output: tidy(job.output ?? defaults.output),
  }
}
