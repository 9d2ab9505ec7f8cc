/** What people write about numbers: who is asked for them, and how often. Editors show these comments. */
import type { KeepWish } from './keep-wish.ts'
import type { RemoteWish } from './remote-wish.ts'
import type { StatsdWish, WireWish } from './wires-wish.ts'
import type { GraphPageWish } from './graph-pages-wish.ts'
import type { Duration, Size } from '../wish.ts'

export type MetricsWish = Readonly<{
  /** Who is asked for numbers in the text format of Prometheus. */
  scrape?: ScrapeWish
  /** How long samples are kept, and how many may come. */
  keep?: KeepWish
  /** Takes lines of StatsD and DogStatsD. A text is the address to listen at; `{}` is `127.0.0.1:8125`. Left out: it does not. */
  statsd?: string | StatsdWish
  /** Takes lines of Graphite. A text is the address to listen at; `{}` is `127.0.0.1:2003`. Left out: it does not. */
  graphite?: string | WireWish
  /** Own pages of graphs in the dashboard, by name. Apps, hosts, fronts and the hub have theirs without this. */
  pages?: Readonly<Record<string, GraphPageWish>>
  /** Files of recording rules, as Prometheus has them, from the folder of `tandem.ts` on: `['rules/*.yml']`. */
  rules?: readonly string[]
  /** An engine that keeps samples beyond this machine. */
  remote?: RemoteWish
}>

export type ScrapeWish = Readonly<{
  /** How often everybody is asked. Default `15s`. */
  interval?: Duration
  /** How long an answer may take. Default `10s`, or the interval where that is shorter. */
  timeout?: Duration
  /** Whether hosts and their fronts are asked for their own numbers, over SSH, with nothing to install. Default `true`. */
  hosts?: boolean
  /** The largest answer that is taken. Default `16M`. */
  bodyLimit?: Size
  /** The most samples that are taken of one answer. Default 100,000. */
  sampleLimit?: number
  /** Who is asked beside hosts and apps, by the name that becomes the label `job`. A text is the address. */
  targets?: Readonly<Record<string, string | TargetWish>>
}>

/** Either `url`, or `on` with a `port`. */
export type TargetWish = Readonly<{
  /** Where it answers: `10.0.0.5:9187`, `https://db.example.org/metrics`. Asked from the hub. */
  url?: string | readonly string[]
  /** Hosts or roles where it listens. Each is asked at its own 127.0.0.1, over SSH: no port needs to be open. */
  on?: readonly string[]
  /** The port, for `on`. */
  port?: number
  /** The path, for `on`. Default `/metrics`. */
  path?: string
  /** Put on all its series, over what it says itself. */
  labels?: Readonly<Record<string, string>>
  /** Its own labels go first, also `job` and `instance`: for what tells the numbers of others. Default `false`. */
  honorLabels?: boolean
  /** Times in its answer count; else the time of asking does. Default `true`. */
  honorTimestamps?: boolean
  /** The name of a secret that opens it: `tandem secret set NAME --in infra`. */
  auth?: Readonly<{ bearer: string }> | Readonly<{ user: string; password: string }>
  interval?: Duration
  timeout?: Duration
  bodyLimit?: Size
  sampleLimit?: number
}>

export type AppMetricsWish = Readonly<{
  path: string
  /** The port on the host, where it is not that of `web`. */
  port?: number
}>
