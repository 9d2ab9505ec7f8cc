import type { AppConfig, EnvironmentConfig, ProcessConfig, StageConfig, TeamConfig } from './config.ts'
import { defaults } from './defaults.ts'
import { mistakesWithin } from './mistakes/clashes.ts'
import { appMetricsConfig, metricsConfig } from './metrics/resolve.ts'
import type { Mistake } from './mistakes/mistake.ts'
import { hostsOf, type Parsed, parseTeam, tidy } from './parsed.ts'
import { mistakesBetween } from './mistakes/references.ts'
import { ciConfig, repoConfig } from './repo/resolve.ts'
import type * as schema from './schema.ts'

export type Resolved = Readonly<
  { type: 'config'; config: TeamConfig } | { type: 'mistaken'; mistakes: readonly Mistake[] }
>

/** Checks plain data and fills it in, or says everything that is wrong with it. */
export function resolveTeam(raw: unknown): Resolved {
  const mistakes: Mistake[] = []
  const parsed = parseTeam(raw, mistakes)
  mistakes.push(...mistakesWithin(parsed), ...mistakesBetween(parsed))
  if (mistakes.length > 0) return { type: 'mistaken', mistakes }
  return { type: 'config', config: configOf(parsed) }
}

function configOf(parsed: Parsed): TeamConfig {
  const apps = [...parsed.apps].map(([name, app]) => [name, appConfig(name, app, parsed)] as const)
  return {
    people: Object.fromEntries(parsed.people),
    hosts: Object.fromEntries(parsed.hosts),
    apps: Object.fromEntries(apps),
    groups: Object.fromEntries(parsed.groups),
    roles: parsed.roles,
    infra: {
      stages: toTheEnd(parsed.infra.stages ?? defaults.stages),
      driftMs: parsed.infra.drift === 'never' ? null : (parsed.infra.drift ?? defaults.driftMs),
      repo: parsed.infra.repo ?? null,
      apply: parsed.infra.apply ?? defaults.when,
      freeze: parsed.infra.freeze ?? [],
      zone: parsed.infra.zone ?? null,
    },
    repos: Object.fromEntries([...parsed.repos].map(([name, repo]) => [name, repoConfig(repo)])),
    ci: ciConfig(parsed.ci),
    metrics: metricsConfig(parsed.metrics, parsed.hosts),
    url: parsed.url?.replace(/\/+$/, '') ?? null,
  }
}

function appConfig(name: string, app: schema.ParsedApp, parsed: Parsed): AppConfig {
  const port = app.port ?? null
  const env = app.env ?? {}
  const run = Object.entries(app.run).map(([key, process]) => [key, processConfig(process)] as const)
  const places = [...(parsed.environments.get(name) ?? [])].map(
    ([key, place]) => [key, environmentConfig(place, env, parsed)] as const,
  )
  return {
    repo: app.repo ?? defaults.repo,
    build: buildConfig(app.build),
    run: Object.fromEntries(run),
    port,
    front: app.front ?? (port === null ? 'none' : 'haproxy'),
    health: healthConfig(app.health),
    metrics: appMetricsConfig(app.metrics),
    shared: (app.shared ?? []).map(tidy),
    links: (app.links ?? []).map(tidy),
    env,
    secrets: app.secrets ?? [],
    migrate: app.migrate ?? null,
    hooks: { before: app.hooks?.before ?? null, after: app.hooks?.after ?? null },
    user: app.user ?? `tandem-${name}`,
    keep: app.keep ?? defaults.keep,
    limits: {
      memoryBytes: app.limits?.memory ?? null,
      tasks: app.limits?.tasks ?? null,
      files: app.limits?.files ?? null,
    },
    environments: Object.fromEntries(places),
  }
}

function buildConfig(build: schema.ParsedApp['build']): AppConfig['build'] {
  if (build === undefined) return null
  return {
    run: build.run,
    output: tidy(build.output ?? defaults.output),
    env: build.env ?? {},
    limitMs: build.limit ?? defaults.buildLimitMs,
  }
}

function processConfig({ command, schedule, count }: schema.ParsedApp['run'][string]): ProcessConfig {
  if (schedule !== undefined) return { type: 'timer', command, onCalendar: schedule }
  return { type: 'service', command, count: count ?? defaults.count }
}

function healthConfig(health: schema.ParsedApp['health']): AppConfig['health'] {
  if (health === undefined) return null
  return {
    path: health.path,
    status: health.status ?? defaults.status,
    withinMs: health.within ?? defaults.withinMs,
  }
}

function environmentConfig(
  place: schema.ParsedEnvironment,
  appEnv: Readonly<Record<string, string>>,
  parsed: Parsed,
): EnvironmentConfig {
  return {
    hosts: hostsOf(place.on, parsed.hosts),
    env: { ...appEnv, ...place.env },
    stages: toTheEnd(place.stages ?? defaults.stages),
    watchMs: place.watch ?? defaults.watchMs,
    drainMs: place.drain ?? defaults.drainMs,
    warmMs: place.warm ?? defaults.warmMs,
    deploy: place.deploy ?? defaults.when,
    branch: place.branch ?? defaults.branch,
    freeze: place.freeze ?? [],
    zone: place.zone ?? null,
  }
}

function toTheEnd(stages: readonly StageConfig[]): readonly StageConfig[] {
  const share = stages.at(-1)?.share
  const isWhole = share?.type === 'percent' && share.percent === 100
  return isWhole ? stages : [...stages, { name: 'rest', share: { type: 'percent', percent: 100 } }]
}
