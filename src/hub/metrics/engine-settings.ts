import type { TeamConfig } from '../../config/config.ts'
import type { KeepConfig, MetricsConfig } from '../../config/metrics/metrics.ts'
import type { EngineSettings } from '../../metrics/metrics-side.ts'
import { durationText } from '../../metrics/promql/parse/duration.ts'
import type { TargetState } from '../../metrics/scrape/plan.ts'

export type SettingsWorld = Readonly<{
  config: () => Promise<TeamConfig>
  projectDir: string
  /** Where samples are kept. */
  folder: string
  limits: Readonly<{ maxSamples: number; timeoutMs: number }>
  targets: () => Promise<readonly TargetState[]>
  now: () => number
}>

/** Says what is set, as Prometheus would have it written. What cannot be read any more is heeded on as it was. */
export function engineSettingsOf(world: SettingsWorld): () => Promise<EngineSettings> {
  let last: Readonly<{ config: TeamConfig; readAt: number }> | null = null
  return async () => {
    const config = await world.config().catch(() => null)
    if (config !== null && config !== last?.config) last = { config, readAt: world.now() }
    const metrics = last?.config.metrics ?? null
    return {
      yaml: metrics === null ? '' : await yamlOf(metrics, await world.targets()),
      flags: flagsOf(world, metrics?.keep ?? null),
      retention: metrics === null ? '' : retentionText(metrics.keep),
      isRead: config !== null,
      readAt: last?.readAt ?? 0,
    }
  }
}

/** Its own writer would be one more to load; nobody asks for this often. */
async function yamlOf(metrics: MetricsConfig, targets: readonly TargetState[]): Promise<string> {
  const { stringify } = await import('yaml')
  return stringify(configOf(metrics, targets), { indentSeq: false, lineWidth: 0 })
}

/** Secrets are in none of it. */
function configOf({ scrape, rules, remote, keep }: MetricsConfig, targets: readonly TargetState[]): object {
  const jobs = Map.groupBy(targets, ({ labels }) => labels['job'] ?? '')
  return {
    global: {
      scrape_interval: durationText(scrape.intervalMs),
      scrape_timeout: durationText(scrape.timeoutMs),
      evaluation_interval: '1m',
    },
    ...(rules.length > 0 && { rule_files: [...rules] }),
    ...(jobs.size > 0 && { scrape_configs: [...jobs].map(([job, states]) => jobOf(job, states)) }),
    storage: { tsdb: { out_of_order_time_window: durationText(keep.lateMs) } },
    ...(typeof remote?.write === 'string' && { remote_write: [{ url: remote.write }] }),
    ...(typeof remote?.read === 'string' && { remote_read: [{ url: remote.read }] }),
  }
}

function jobOf(job: string, states: readonly TargetState[]): object {
  const [first] = states
  return {
    job_name: job,
    scrape_interval: durationText(first?.intervalMs ?? 0),
    scrape_timeout: durationText(first?.timeoutMs ?? 0),
    static_configs: states.map(staticOf),
  }
}

function staticOf({ labels: { instance = '', ...labels } }: TargetState): object {
  const others = Object.entries(labels).filter(([name]) => name !== 'job')
  return { targets: [instance], ...(others.length > 0 && { labels: Object.fromEntries(others) }) }
}

function flagsOf({ projectDir, folder, limits }: SettingsWorld, keep: KeepConfig | null) {
  return {
    'config.file': `${projectDir}/tandem.ts`,
    'query.lookback-delta': '5m',
    'query.max-concurrency': '1',
    'query.max-samples': String(limits.maxSamples),
    'query.timeout': durationText(limits.timeoutMs),
    'storage.tsdb.path': folder,
    ...(keep !== null && {
      'storage.tsdb.retention.size': sizeText(keep.keptBytes ?? 0),
      'storage.tsdb.retention.time': durationText(keep.keptMs),
    }),
    'web.enable-admin-api': 'true',
    'web.enable-lifecycle': 'false',
    'web.enable-remote-write-receiver': 'true',
  }
}

function retentionText({ keptMs, keptBytes }: KeepConfig): string {
  return `${durationText(keptMs)}${keptBytes === null ? '' : ` or ${sizeText(keptBytes)}`}`
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** As whole as it can be said. */
function sizeText(bytes: number): string {
  let [rest, unit] = [bytes, 0]
  while (rest >= 1024 && rest % 1024 === 0 && unit < units.length - 1) {
    rest /= 1024
    unit += 1
  }
  return `${rest}${units[unit]}`
}
