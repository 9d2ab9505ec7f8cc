/**
 * The words of recipes for what runs on a host and for the host as a whole, and their options. Like `resource-wish.ts`,
 * this is the manual, and travels as text.
 */
import type { RecipeResource } from './recipe-wish.ts'
import type { EveryOptions, Those } from './resource-wish.ts'
import type { Duration } from '../wish.ts'

/** A shell text for `sh -eu`, or the words of a command. */
export type Command = string | readonly string[]

/** A person with keys and sudo. */
export type Admin = Readonly<{ name: string; keys: string | readonly string[] }>

export type SshdOptions = Readonly<{
  /** Whether passwords are taken. Default false. */
  passwords?: boolean
  /** Root comes in by `keys`, or not at all: `no`. Default `keys`. */
  root?: 'keys' | 'no'
  /** Nobody else comes in. Name the user that tandem itself uses. */
  allowUsers?: string | readonly string[]
}>

/** When a host may be started anew for an upgrade: `03:30`. Left out: never. */
export type UpgradesOptions = Readonly<{ reboot?: string }>

/** A sensible, hardened Debian in one call: `baseline('host', { timeZone: 'UTC' })`. */
export declare function baseline(name: string, options?: BaselineOptions): RecipeResource

export type BaselineOptions = EveryOptions &
  Readonly<{
    /** People with keys and sudo. */
    admins?: readonly Admin[]
    /** SSH by keys only. `false`: as it is. */
    sshd?: boolean | SshdOptions
    /** Upgrades of security by themselves. `false`: as it is. */
    upgrades?: boolean | UpgradesOptions
    /** What may come in. Left out: no firewall. */
    firewall?: FirewallOptions
    /** `UTC`. */
    timeZone?: string
    /** Safer settings of the kernel. `false`: as they are. */
    kernel?: boolean
    /** The clock is kept right. `false`: as it is. */
    ntp?: boolean
    /** How much disk the journal may take. Default `500M`; `false`: as it is. */
    journal?: string | false
  }>

export type AcmeOptions = Readonly<{
  email: string
  /** The folder that a web server on port 80 serves. Left out: port 80 is listened on for a moment. */
  webroot?: string
  /** The directory of another authority. */
  server?: string
  /** Reloaded after each renewal: `nginx`. */
  reload?: string | readonly string[]
}>

/** A certificate for TLS: `certificate('shop.example.com', { acme: { email } })`. */
export declare function certificate(name: string, options?: CertificateOptions): RecipeResource

export type CertificateOptions = EveryOptions &
  Readonly<{
    /** The names it is for. Default: its own name. */
    names?: string | readonly string[]
    /** Made here; browsers do not trust it. */
    selfSigned?: true
    /** How long a self-signed one is valid. Default 397. */
    days?: number
    /** From an authority that speaks ACME: Let's Encrypt, unless you say another. */
    acme?: AcmeOptions
  }>

/** A command at given times: `cron('backup', { schedule: '30 3 * * *', command: '/usr/local/bin/backup' })`. */
export declare function cron(name: string, options?: CronOptions): RecipeResource

export type CronOptions = EveryOptions &
  Readonly<{
    /** Default root. */
    user?: string
    /** `30 3 * * *`, `@daily`. */
    schedule?: string
    command?: string
    env?: Readonly<Record<string, string>>
    absent?: boolean
  }>

/** A drop-in of a unit: `dropIn('nginx.service/limits', { sections: { Service: { LimitNOFILE: 65536 } } })`. */
export declare function dropIn(name: string, options?: DropInOptions): RecipeResource

export type DropInOptions = EveryOptions &
  Readonly<{
    content?: string
    /** `{ Service: { LimitNOFILE: 65536 } }`. */
    sections?: Sections
    /** The unit is restarted when this changes. */
    restart?: boolean
    absent?: boolean
  }>

/** The sections of a unit of systemd: `{ Service: { ExecStart: '/usr/bin/shop' } }`. */
export type Sections = Readonly<
  Record<string, Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>>
>

/** A command, where no other word fits: `exec('build the index', { command: 'reindex', creates: '/var/lib/index' })`. */
export declare function exec(name: string, options: ExecOptions): RecipeResource

export type ExecOptions = EveryOptions &
  Readonly<{
    command: Command
    /** Ends with 0 when there is nothing to do. */
    check?: Command
    /** A path that is there once it was done. */
    creates?: string
    /** Done once, at the end, when one of these has changed. */
    on?: Those
    /** Takes it back. Left out: it cannot be undone, and the plan says so. */
    undo?: Command
    /** Who runs it. Default root. */
    user?: string
    cwd?: string
    /** Secrets may stand here. */
    env?: Readonly<Record<string, string>>
    /** Default `5m`. */
    limit?: Duration
    /** What people read in the plan instead of the command. */
    says?: string
  }>

/** `{ port: 443 }`, `{ ports: [80, '8000-8010'], from: '10.0.0.0/8', proto: 'tcp' }`. */
export type Allowed = Readonly<{
  port?: Port | readonly Port[]
  ports?: Port | readonly Port[]
  /** Addresses or networks. Left out: everybody. */
  from?: string | readonly string[]
  /** Default `tcp`. */
  proto?: 'tcp' | 'udp'
}>
export type Port = number | string

/** What may come in: `firewall('host', { allow: [{ port: 443 }] })`. SSH stays open. */
export declare function firewall(name: string, options?: FirewallOptions): RecipeResource

export type FirewallOptions = EveryOptions &
  Readonly<{
    /** What may come in, besides SSH, answers, and what the host says to itself. */
    allow?: Allowed | readonly Allowed[]
    /** What happens to the rest. Default `drop`. */
    policy?: 'drop' | 'reject' | 'accept'
    /** The ports of SSH that stay open. Default: those of the host; `false`: none, and you may lock yourself out. */
    ssh?: number | string | readonly (number | string)[] | false
    /** Whether pings are answered. Default true. */
    ping?: boolean
    /** The whole of the rules, as `nft -f` reads them, instead. */
    ruleset?: string
    absent?: boolean
  }>

/** A checkout of a git repository: `gitCheckout('/srv/site', { repo, ref: 'v1.2' })`. */
export declare function gitCheckout(path: string, options: GitCheckoutOptions): RecipeResource

export type GitCheckoutOptions = EveryOptions &
  Readonly<{
    /** `https://git.example.org/shop.git`. */
    repo: string
    /** A commit, a tag or a branch. Default: what the repository says. */
    ref?: string
    /** Who owns it. Default root. */
    user?: string
    submodules?: boolean
    /** What was changed in it by hand is thrown away. */
    force?: boolean
  }>

/** `from`: who may ask. Left out: everybody. */
export type MetricsOptions = Readonly<{ port: number; from?: string | readonly string[] }>

/** The HAProxy that deploys need: `haproxyFront('front')`. */
export declare function haproxyFront(name: string, options?: HaproxyFrontOptions): RecipeResource

export type HaproxyFrontOptions = EveryOptions &
  Readonly<{
    maxConnections?: number
    /** Serves the metrics of HAProxy to Prometheus. */
    metrics?: MetricsOptions
    /** Lines for its global section. */
    global?: string | readonly string[]
  }>

/** The name of the host: `hostname('web1')`. */
export declare function hostname(name: string, options?: HostnameOptions): RecipeResource

export type HostnameOptions = EveryOptions &
  Readonly<{
    /** `example.org`. */
    domain?: string
  }>

/** The default locale, generated: `locale('en_US.UTF-8')`. */
export declare function locale(name: string, options?: LocaleOptions): RecipeResource

export type LocaleOptions = EveryOptions &
  Readonly<{
    /** Others that are there to be asked for. */
    also?: readonly string[]
    /** Whether it is the one that programs speak which are not told another. Default true. */
    default?: boolean
  }>

/** How logs are rotated: `logRotation('shop', { paths: '/var/log/shop/*.log', rotate: 7, every: 'day' })`. */
export declare function logRotation(name: string, options?: LogRotationOptions): RecipeResource

export type LogRotationOptions = EveryOptions &
  Readonly<{
    /** `/var/log/shop/*.log`. */
    paths?: string | readonly string[]
    every?: 'hour' | 'day' | 'week' | 'month' | 'year'
    /** How many old ones are kept. */
    rotate?: number
    /** Only when it is larger than this, however old: `100M`. */
    size?: string
    /** Before its time, too, when it is larger than this. */
    maxSize?: string
    /** Old ones are deleted after so many days. */
    maxAge?: number
    compress?: boolean
    /** The last one stays as it is until the next rotation. */
    delayCompress?: boolean
    missingOk?: boolean
    notIfEmpty?: boolean
    /** Copied and then emptied, for programs that keep it open. */
    copyTruncate?: boolean
    /** Old ones have a date in their names, not a number. */
    dateExt?: boolean
    /** Made anew after rotation, like this. */
    create?: Readonly<{ mode: string | number; owner: string; group: string | number }>
    /** Who rotates, where the folder is not root's. */
    as?: Readonly<{ user: string; group: string | number }>
    /** The scripts are run once for all paths. */
    sharedScripts?: boolean
    prerotate?: string
    postrotate?: string
    absent?: boolean
  }>

/** A file system, mounted now and at boot: `mount('/srv/data', { device: 'LABEL=data', type: 'ext4' })`. */
export declare function mount(path: string, options?: MountOptions): RecipeResource

export type MountOptions = EveryOptions &
  Readonly<{
    device?: string
    type?: string
    options?: string | readonly string[]
    dump?: number
    pass?: number
    absent?: boolean
  }>

/** A database of PostgreSQL: `postgresDatabase('shop', { owner: 'shop' })`. */
export declare function postgresDatabase(name: string, options?: PostgresDatabaseOptions): RecipeResource

export type PostgresDatabaseOptions = EveryOptions &
  Readonly<{
    owner?: string
    /** `UTF8`. Only for a new one, like `locale` and `template`. */
    encoding?: string
    locale?: string
    template?: string
    /** `['pg_trgm']`. */
    extensions?: string | readonly string[]
    /** Default 5432. */
    port?: number
  }>

/** A role of PostgreSQL: `postgresRole('shop', { password: secret('DB_PASSWORD') })`. */
export declare function postgresRole(name: string, options?: PostgresRoleOptions): RecipeResource

export type PostgresRoleOptions = EveryOptions &
  Readonly<{
    /** Whether it may connect. Default true. */
    login?: boolean
    superuser?: boolean
    createdb?: boolean
    createrole?: boolean
    replication?: boolean
    /** A secret. */
    password?: string
    /** How many connections it may have; -1: any number. */
    connections?: number
    /** Default 5432. */
    port?: number
  }>

/** A unit of systemd that somebody else brought: `service('nginx', { running: true, enabled: true, restartOn: conf })`. */
export declare function service(name: string, options?: ServiceOptions): RecipeResource

export type ServiceOptions = EveryOptions &
  Readonly<{
    running?: boolean
    /** Started at boot. */
    enabled?: boolean
    masked?: boolean
    /** Restarted once, at the end, when one of these has changed. */
    restartOn?: Those
    /** Reloaded once, at the end, when one of these has changed. */
    reloadOn?: Those
  }>

/** A setting of the kernel: `sysctl('vm.swappiness', { value: 10 })`. */
export declare function sysctl(name: string, options: SysctlOptions): RecipeResource

export type SysctlOptions = EveryOptions &
  Readonly<{
    value: string | number
  }>

/** The time zone of the host: `timeZone('Europe/Paris')`. */
export declare function timeZone(name: string, options?: TimeZoneOptions): RecipeResource

export type TimeZoneOptions = EveryOptions

/** A unit of systemd of ours: `unit('shop.service', { sections: { Service: { ExecStart: '/usr/bin/shop' } }, running: true })`. */
export declare function unit(name: string, options?: UnitOptions): RecipeResource

export type UnitOptions = EveryOptions &
  Readonly<{
    content?: string
    sections?: Sections
    enabled?: boolean
    running?: boolean
    absent?: boolean
  }>
