import { graphPagesConfig } from './graph-pages-schema.ts'
import type { HostConfig } from '../config.ts'
import { keepConfig } from './keep-schema.ts'
import { defaults } from '../defaults.ts'
import type { AnswerLimits, AppMetricsConfig, AuthConfig, MetricsConfig, TargetConfig } from './metrics.ts'
import type { ParsedMetrics, ParsedScrape, ParsedTarget } from './schema.ts'
import { hostsOf } from '../parsed.ts'
import type { RemoteConfig } from './remote.ts'
import type { ParsedRemote } from './remote-schema.ts'
import { wiresConfig } from './resolve-wires.ts'

/** What is meant by `metrics`, and by leaving it out. */
export function metricsConfig(
  { scrape = {}, keep, pages, rules = [], remote, ...wires }: ParsedMetrics,
  hosts: ReadonlyMap<string, HostConfig>,
): MetricsConfig {
  const targets = Object.entries(scrape.targets ?? {}).map(
    ([job, target]) => [job, targetConfig(target, scrape, hosts)] as const,
  )
  return {
    scrape: {
      ...paceOf({}, scrape),
      hosts: scrape.hosts ?? true,
      targets: Object.fromEntries(targets),
    },
    keep: keepConfig(keep),
    rules,
    remote: remote === undefined ? null : remoteConfig(remote),
    ...wiresConfig(wires),
    pages: graphPagesConfig(pages),
  }
}

export function appMetricsConfig(
  said: Readonly<{ path: string; port?: number | undefined }> | undefined,
): AppMetricsConfig | null {
  return said === undefined ? null : { path: said.path, port: said.port ?? null }
}

type Paced = Pick<ParsedScrape, 'interval' | 'timeout' | 'bodyLimit' | 'sampleLimit'>

/** What a target says goes before what is said for all. */
function paceOf(
  target: Paced,
  all: Paced,
): Readonly<{ intervalMs: number; timeoutMs: number; limits: AnswerLimits }> {
  const intervalMs = target.interval ?? all.interval ?? defaults.scrapeMs
  return {
    intervalMs,
    timeoutMs: Math.min(target.timeout ?? all.timeout ?? defaults.scrapeTimeoutMs, intervalMs),
    limits: {
      bytes: target.bodyLimit ?? all.bodyLimit ?? defaults.scrapeBytes,
      samples: target.sampleLimit ?? all.sampleLimit ?? defaults.scrapeSamples,
    },
  }
}

function targetConfig(
  target: ParsedTarget,
  all: ParsedScrape,
  hosts: ReadonlyMap<string, HostConfig>,
): TargetConfig {
  return {
    at: placeOf(target, hosts),
    labels: target.labels ?? {},
    honorLabels: target.honorLabels ?? false,
    honorTimestamps: target.honorTimestamps ?? true,
    ...paceOf(target, all),
  }
}

function placeOf(target: ParsedTarget, hosts: ReadonlyMap<string, HostConfig>): TargetConfig['at'] {
  if (target.url !== undefined) return { kind: 'urls', urls: target.url, auth: authOf(target.auth) }
  return {
    kind: 'hosts',
    hosts: hostsOf(target.on ?? [], hosts),
    port: target.port ?? 0,
    path: target.path ?? defaults.metricsPath,
    auth: authOf(target.auth),
  }
}

function remoteConfig({ write, read, auth, labels = {}, queue }: ParsedRemote): RemoteConfig {
  return {
    write: write ?? null,
    read: read ?? null,
    auth: authOf(auth),
    labels,
    queueBytes: queue ?? defaults.farQueueBytes,
  }
}

function authOf(auth: ParsedTarget['auth']): AuthConfig | null {
  if (auth === undefined) return null
  if ('bearer' in auth) return { kind: 'bearer', secret: auth.bearer }
  return { kind: 'basic', user: auth.user, secret: auth.password }
}
