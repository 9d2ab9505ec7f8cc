import type { GraphPageConfig } from './graph-pages.ts'
import type { RemoteConfig } from './remote.ts'
import type { WiresConfig } from './wires.ts'

/** `metrics` of `tandem.ts` after it was read. */
export type MetricsConfig = WiresConfig &
  Readonly<{
    scrape: ScrapeConfig
    keep: KeepConfig
    pages: readonly GraphPageConfig[]
    /** Files of recording rules, as patterns from the folder of `tandem.ts` on. */
    rules: readonly string[]
    /** Null = all is kept and asked here. */
    remote: RemoteConfig | null
  }>

/** How long samples are kept, how late they may come, and how many series may get some. */
export type KeepConfig = Readonly<{
  keptMs: number
  /** How long summaries of minutes are kept, and of hours. */
  keptMinutesMs: number
  keptHoursMs: number
  /** Null = as many as there is room for. */
  keptBytes: number | null
  lateMs: number
  seriesLimit: number
  seriesOfNameLimit: number
  valuesOfLabelLimit: number
}>

export type ScrapeConfig = Readonly<{
  /** How often hosts and apps are asked. */
  intervalMs: number
  timeoutMs: number
  /** Whether hosts and their fronts are asked for their own numbers. */
  hosts: boolean
  /** What an answer may be at most: of apps, and of what runs on hosts. */
  limits: AnswerLimits
  targets: Readonly<Record<string, TargetConfig>>
}>

export type AnswerLimits = Readonly<{ bytes: number; samples: number }>

export type TargetConfig = Readonly<{
  at:
    | Readonly<{ kind: 'urls'; urls: readonly string[]; auth: AuthConfig | null }>
    | Readonly<{
        kind: 'hosts'
        /** In the order of `tandem.ts`; asked at their own loopback. */ hosts: readonly string[]
        port: number
        path: string
        auth: AuthConfig | null
      }>
  labels: Readonly<Record<string, string>>
  /** Whether what it says of its labels goes before what is said here. */
  honorLabels: boolean
  honorTimestamps: boolean
  intervalMs: number
  timeoutMs: number
  limits: AnswerLimits
}>

/** Secrets are names of those of `infra`. */
export type AuthConfig =
  | Readonly<{ kind: 'bearer'; secret: string }>
  | Readonly<{ kind: 'basic'; user: string; secret: string }>

/** Where an app says its numbers; `port` null = that of its `web`, in whichever slot is live. */
export type AppMetricsConfig = Readonly<{ path: string; port: number | null }>
