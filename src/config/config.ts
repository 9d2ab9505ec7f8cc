import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Json } from '../change/json.ts'
import type { HostAddress } from '../remote/remote.ts'
import type { AppMetricsConfig, MetricsConfig } from './metrics/metrics.ts'
import type { CiConfig, FreezeConfig, RepoConfig } from './repo/repo.ts'

/** `tandem.ts` after it was read: every default filled in, every duration in milliseconds, every role looked up. */
export type TeamConfig = Readonly<{
  people: Readonly<Record<string, PersonConfig>>
  hosts: Readonly<Record<string, HostConfig>>
  apps: Readonly<Record<string, AppConfig>>
  groups: Readonly<Record<string, GroupConfig>>
  /** The names of the roles that have a recipe; `all` is for every host. */
  roles: readonly string[]
  infra: InfraConfig
  repos: Readonly<Record<string, RepoConfig>>
  ci: CiConfig
  metrics: MetricsConfig
  /** Where people open the hub, without a slash at its end; `null` = nobody said. */
  url: string | null
}>

export type GroupConfig = Readonly<{ vars: Readonly<Record<string, Json>> }>

export type InfraConfig = Readonly<{
  /** In order; the last one reaches every host. */
  stages: readonly StageConfig[]
  /** How often hosts are looked at for drift; `null` = never. */
  driftMs: number | null
  /** The one of `repos` that holds `tandem.ts`; `null` = the folder is looked after by hand. */
  repo: string | null
  apply: When
  freeze: readonly FreezeConfig[]
  /** The time zone of `freeze`; `null` = the hub's. */
  zone: string | null
}>

/** Who begins a change: a person, or a commit whose jobs passed. */
export type When = 'by hand' | 'on green'

export type PersonConfig = Readonly<{
  name: string
  may: 'everything' | 'look'
  /** Public keys of OpenSSH, one line each. */
  keys: readonly string[]
  /** Names by the address of the forge, both in small letters. */
  forges: Readonly<Record<string, string>>
}>

export type HostConfig = Readonly<{
  roles: readonly string[]
  groups: readonly string[]
  /** Its own, over those of its groups; a later group over an earlier one. */
  vars: Readonly<Record<string, Json>>
  via:
    | Readonly<{ kind: 'local' }>
    | Readonly<{
        kind: 'ssh'
        user: string
        address: string
        port: number
        /** `null`: not accepted yet, so nothing connects. */
        hostKey: string | null
        /** As written, perhaps `~/…`; `addressOf` makes it absolute. */
        identityFile: string | null
        sudo: 'no' | 'free' | 'password'
      }>
}>

export type AppConfig = Readonly<{
  /** The name of one of `repos`, or a folder relative to that of `tandem.ts`. */
  repo: string
  /** `null`: the checkout is the release. */
  build: BuildConfig | null
  /** By name; `web` is the one that gets `PORT`, when there is a port. */
  run: Readonly<Record<string, ProcessConfig>>
  port: number | null
  front: 'haproxy' | 'none'
  health: HealthConfig | null
  /** `null`: it says no numbers. */
  metrics: AppMetricsConfig | null
  /** Relative paths inside a release, no `..`. */
  shared: readonly string[]
  links: readonly string[]
  env: Readonly<Record<string, string>>
  secrets: readonly string[]
  migrate: string | null
  hooks: Readonly<{ before: string | null; after: string | null }>
  user: string
  keep: number
  limits: Readonly<{ memoryBytes: number | null; tasks: number | null; files: number | null }>
  environments: Readonly<Record<string, EnvironmentConfig>>
}>

export type BuildConfig = Readonly<{
  run: string
  output: string
  env: Readonly<Record<string, string>>
  limitMs: number
}>

export type ProcessConfig = Readonly<
  | { type: 'service'; command: string; count: number }
  | { type: 'timer'; command: string; /** A calendar expression of systemd. */ onCalendar: string }
>

export type HealthConfig = Readonly<{ path: string; status: number; withinMs: number }>

export type EnvironmentConfig = Readonly<{
  /** Names of hosts, in the order of `tandem.ts`; never empty. */
  hosts: readonly string[]
  /** All plain variables: those of the app, and over them those of the environment. */
  env: Readonly<Record<string, string>>
  /** In order; the last one reaches every host. */
  stages: readonly StageConfig[]
  /** 0 = not watched. */
  watchMs: number
  drainMs: number
  warmMs: number
  deploy: When
  /** What goes live on green. */
  branch: string
  freeze: readonly FreezeConfig[]
  /** The time zone of `freeze`; `null` = the hub's. */
  zone: string | null
}>

export type StageConfig = Readonly<{ name: string; share: Share }>

/** How far a release has come when a stage is over, counted from the first host. */
export type Share = Readonly<{ type: 'hosts'; hosts: number } | { type: 'percent'; percent: number }>

/** How many of `total` hosts have the release once a stage with this share is over; 0 only when `total` is 0. */
export function reachOf(share: Share, total: number): number {
  const hosts = share.type === 'hosts' ? share.hosts : Math.ceil((share.percent * total) / 100)
  return Math.min(hosts, total)
}

/** Where the remote finds a host. `projectDir` is the folder of `tandem.ts`: local hosts keep their files in it. */
export function addressOf(name: string, host: HostConfig, projectDir: string): HostAddress {
  if (host.via.kind === 'local') {
    return { name, via: { kind: 'local', root: join(projectDir, '.tandem', 'hosts', name) } }
  }
  const { identityFile } = host.via
  return {
    name,
    via: { ...host.via, identityFile: identityFile === null ? null : keyFile(identityFile, projectDir) },
  }
}

function keyFile(written: string, projectDir: string): string {
  return written.startsWith('~/') ? join(homedir(), written.slice(2)) : resolve(projectDir, written)
}
