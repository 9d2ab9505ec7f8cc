/**
 * What people write in `tandem.ts`. Editors show these comments, so they are the manual. Only types live here, and only
 * types of its neighbours are imported: the text travels whole to where an editor can see it.
 */
import type { Recipe, Vars } from './infra/recipe-wish.ts'
import type { AppMetricsWish, MetricsWish } from './metrics/wish.ts'
import type { CiWish, RepoWish } from './repo/wish.ts'

/** How long: a number and a unit, `250ms`, `30s`, `10m`, `2h`, `1d`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

/** How much memory: `512M`, `2G` (powers of 1,024). */
export type Size = `${number}${'K' | 'M' | 'G'}`

/**
 * How far a release has come when the stage is over: `canary` one host, `25%` a quarter of the hosts (rounded up),
 * `2` two hosts, `rest` all of them.
 */
export type StageWish = 'canary' | 'rest' | `${number}%` | `${number}`

/** When a process starts: a word, a time of day on the host, or days and a time of day (`Mon..Fri 03:30`). */
export type ScheduleWish = 'hourly' | 'daily' | 'weekly' | 'monthly' | (string & {})

/** The whole of `tandem.ts`. */
export type TeamWish = Readonly<{
  /** Who is in the team, by the short name used in commands and in chat. */
  people?: Readonly<Record<string, PersonWish>>
  /** The machines, by the name used everywhere else. */
  hosts?: Readonly<Record<string, HostWish>>
  /** Hosts that have variables together, by name. A host names its groups in `groups`. */
  groups?: Readonly<Record<string, GroupWish>>
  /** What the hosts of a role have, by the name of the role: a recipe. `all` is for every host. */
  roles?: Readonly<Record<string, Recipe>>
  /** How recipes are applied. */
  infra?: InfraWish
  /** What is deployed, by name: small letters, digits and dashes. */
  apps?: Readonly<Record<string, AppWish>>
  /** Repositories that the hub holds or that it follows on a forge, by name. */
  repos?: Readonly<Record<string, RepoWish>>
  /** What jobs get of the hub. */
  ci?: CiWish
  /** What is measured: who is asked for numbers, what comes in, what is kept. */
  metrics?: MetricsWish
  /** Where people open the hub: `https://tandem.example.org`. What is said elsewhere links to it. */
  url?: string
}>

export type PersonWish = Readonly<{
  /** The name shown to the others. */
  name: string
  /** `everything`: may change the running system. `look`: sees all of it and changes nothing. */
  may: 'everything' | 'look'
  /** Public keys that open the repositories over SSH: `ssh-ed25519 AAAA…`. */
  keys?: readonly string[]
  /** Their name on each forge, by its address: `{ 'github.com': 'ada-l' }`. What is pushed there under it is theirs. */
  forges?: Readonly<Record<string, string>>
}>

export type GroupWish = Readonly<{
  /** What recipes find in `host.vars`; the host itself comes over its groups, and a later group over an earlier one. */
  vars?: Vars
}>

export type InfraWish = Readonly<{
  /** How an apply spreads over the hosts. It always ends with all of them. Default `['canary', 'rest']`. */
  stages?: readonly StageWish[]
  /** How often hosts are looked at for what has drifted from the recipes. Default `30m`. */
  drift?: Duration | 'never'
  /** The repository of `repos` with this `tandem.ts`: the hub's folder follows its `main`. */
  repo?: string
  /** Whether a commit of `main` whose jobs passed is applied by itself. Default `by hand`. */
  apply?: 'by hand' | 'on green'
  /** When nothing is applied by itself: `Fri 16:00 - Mon 08:00`, `2026-12-20 - 2027-01-02` (both days included). */
  freeze?: readonly string[]
  /** The time zone of `freeze`: `Europe/Berlin`. Default: the hub's. */
  zone?: string
}>

export type HostWish = LocalHostWish | SshHostWish

/** This machine, reached without SSH. Its files live in `.tandem/hosts/NAME` beside `tandem.ts`. */
export type LocalHostWish = Readonly<{
  via: 'local'
  /** What the host is for. Apps name roles in `on`, and `roles` has their recipes. */
  roles?: readonly string[]
  /** The groups whose variables it has. */
  groups?: readonly string[]
  /** What recipes find in `host.vars`, over the variables of its groups. Not for secrets. */
  vars?: Vars
}>

/** A machine reached by the system's OpenSSH, so `~/.ssh/config`, agents and jump hosts apply. */
export type SshHostWish = Readonly<{
  via?: 'ssh'
  /** Who and where: `deploy@10.0.0.1`. */
  address: string
  /** Default 22. */
  port?: number
  /** What the host is for. Apps name roles in `on`, and `roles` has their recipes. */
  roles?: readonly string[]
  /** The groups whose variables it has. */
  groups?: readonly string[]
  /** What recipes find in `host.vars`, over the variables of its groups. Not for secrets. */
  vars?: Vars
  /** The one accepted host key, `ssh-ed25519 AAAA…`. Until it is here nothing connects: `tandem host accept NAME`. */
  hostKey?: string
  /**
   * How that user becomes root: `free` (sudo asks nothing), `password` (sudo asks, you are asked once), `no` (the user
   * is root). Default: `no` for root, `free` for everybody else.
   */
  sudo?: 'free' | 'password' | 'no'
  /** The private key file, `~/.ssh/id_ed25519`. Default: what your agent and `~/.ssh/config` say. */
  identityFile?: string
}>

export type AppWish = Readonly<{
  /** The name of one of `repos`, or the folder with the app's git repository, relative to `tandem.ts`. Default `.`. */
  repo?: string
  /** The command that makes a release out of a checkout. Left out: the checkout is the release. */
  build?: string | BuildWish
  /** What runs, by name. `web` is the one with the port; a single command is `web`. */
  run: string | Readonly<Record<string, string | ProcessWish>>
  /** The port the world connects to. `web` finds the port that it must listen on in the variable `PORT`. */
  port?: number
  /**
   * What holds the connections while releases change. `haproxy`: no request fails. `none`: `web` is restarted in place.
   * Default: `haproxy` when there is a `port`.
   */
  front?: 'haproxy' | 'none'
  /** The path that answers 200 once `web` is ready: `/health`. */
  health?: string | HealthWish
  /** Where `web` says its numbers in the text format of Prometheus: `/metrics`. Left out: it is not asked. */
  metrics?: string | AppMetricsWish
  /** Folders that outlive releases (uploads): kept aside on the host and linked into each release. */
  shared?: readonly string[]
  /** Files that outlive releases (`config/local.json`): kept aside on the host and linked into each release. */
  links?: readonly string[]
  /** Environment variables, the same everywhere. Not for secrets: these can be read by everybody. */
  env?: Readonly<Record<string, string>>
  /** Names of secrets that the app finds in its environment. Values: `tandem secret set NAME`. */
  secrets?: readonly string[]
  /** Run once per change, before the canary, with the new release: `node migrate.js`. */
  migrate?: string
  hooks?: Readonly<{
    /** Run on each host in the new release, before it takes the traffic. When it fails, the deploy is undone. */
    before?: string
    /** Run once on each host in the new release, after it has taken over. When it fails, that is noted. */
    after?: string
  }>
  /** The system user that the app runs as. Default `tandem-` and the app's name. */
  user?: string
  /** How many good releases stay on each host, ready to be reverted to. Default 5. */
  keep?: number
  limits?: LimitsWish
  /** Where the app goes. Left out: one environment, `production`, on all hosts. */
  environments?: Readonly<Record<string, EnvironmentWish>>
}>

export type BuildWish = Readonly<{
  run: string
  /** The folder that becomes the release. Default `.`, the whole checkout after the build. */
  output?: string
  env?: Readonly<Record<string, string>>
  /** The build is stopped after this long. Default `15m`. */
  limit?: Duration
}>

export type ProcessWish = Readonly<{
  command: string
  /** How many of it run on each host. Default 1. */
  count?: number
  /** Run it at these times instead of always. */
  schedule?: ScheduleWish
}>

export type HealthWish = Readonly<{
  path: string
  /** The status that means ready. Default 200. */
  status?: number
  /** How long a new release may take to become ready. Default `30s`. */
  within?: Duration
}>

/** What a process may use; what is left out is not limited. */
export type LimitsWish = Readonly<{
  memory?: Size
  /** Processes and threads. */
  tasks?: number
  /** Open files. */
  files?: number
}>

export type EnvironmentWish = Readonly<{
  /** Roles or host names. */
  on: readonly string[]
  /** Environment variables of this environment, over those of the app. */
  env?: Readonly<Record<string, string>>
  /** How a release spreads over the hosts. It always ends with all of them. Default `['canary', 'rest']`. */
  stages?: readonly StageWish[]
  /** How long the metrics are watched after each stage. Default `10s`. */
  watch?: Duration
  /** How long requests in flight may take to finish when a release is retired. Default `30s`. */
  drain?: Duration
  /** How long the previous release stays running, so that a revert takes a moment. Default `15m`. */
  warm?: Duration
  /** Whether a commit whose jobs passed goes live by itself. Default `by hand`. */
  deploy?: 'by hand' | 'on green'
  /** The branch that goes live on green. Default `main`. */
  branch?: string
  /** When nothing goes live by itself: `Fri 16:00 - Mon 08:00`, `2026-12-20 - 2027-01-02` (both days included). */
  freeze?: readonly string[]
  /** The time zone of `freeze`: `Europe/Berlin`. Default: the hub's. */
  zone?: string
}>
