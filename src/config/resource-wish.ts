/**
 * The words of recipes and their options. Editors show these comments, so they are the manual. Only declarations live
 * here: the words are made where a `tandem.ts` is evaluated, and the text travels whole to where an editor can see it.
 */
import type { RecipeResource, Var } from './recipe-wish.ts'
import type { Duration } from './wish.ts'

/** One resource or several. */
export type Those = RecipeResource | readonly RecipeResource[]

/** What every resource can say. */
export type EveryOptions = Readonly<{
  /** These are there before it. What it uses (its folder, its owner, its unit file) needs not be said. */
  after?: Those
}>

/** Who may do what with a path. What is left out stays as it is, and is 0644 (folders 0755) and root for a new one. */
export type AccessOptions = Readonly<{
  /** `'0644'`. */
  mode?: string | number
  /** A user, by name or number. */
  owner?: string | number
  /** A group, by name or number. */
  group?: string | number
}>

/** A shell text for `sh -eu`, or the words of a command. */
export type Command = string | readonly string[]

/** Packages of Debian: `apt('nginx')`, `apt(['git', 'curl'])`. */
export declare function apt(name: string | readonly string[], options?: AptOptions): RecipeResource

export type AptOptions = EveryOptions &
  Readonly<{
    /** Exactly this one: `1.22.1-9+deb12u1`. Left out: any, and the newest when it is new. */
    version?: string
    /** Kept at its version until somebody says otherwise: `apt-mark hold`. */
    hold?: boolean
    /** It is not there. */
    absent?: boolean
    /** Together with `absent`: its configuration goes as well. */
    purge?: boolean
  }>

/** Where packages come from, with the key that signs it: `aptRepository('pgdg', { uri, suites, key })`. */
export declare function aptRepository(name: string, options?: AptRepositoryOptions): RecipeResource

export type AptRepositoryOptions = EveryOptions &
  Readonly<{
    /** `https://apt.postgresql.org/pub/repos/apt`. */
    uri?: string
    /** `bookworm-pgdg`. */
    suites?: string | readonly string[]
    /** Default `main`. */
    components?: string | readonly string[]
    /** The key that signs it: its text, or the path of a file beside the recipe. */
    key?: string
    /** Default: those of the host. */
    architectures?: string | readonly string[]
    absent?: boolean
  }>

/** A folder with what is in an archive: `archive('/opt/node', { url, sha256, strip: 1 })`. */
export declare function archive(path: string, options?: ArchiveOptions): RecipeResource

export type ArchiveOptions = EveryOptions &
  Readonly<{
    /** A file beside the recipe. */
    source?: string
    /** Where the host fetches it from; needs `sha256`. */
    url?: string
    sha256?: string
    /** So many leading folders of the paths inside are left out. Default 0. */
    strip?: number
    owner?: string | number
    group?: string | number
  }>

/** Who may log in as a user by SSH: `authorizedKey('deploy', { key: 'ssh-ed25519 AAAA…' })`. */
export declare function authorizedKey(user: string, options?: AuthorizedKeyOptions): RecipeResource

export type AuthorizedKeyOptions = EveryOptions &
  Readonly<{
    /** `ssh-ed25519 AAAA… ada@laptop`. */
    key?: string
    keys?: readonly string[]
    /** No other keys are there. */
    only?: boolean
    absent?: boolean
  }>

/** A sensible, hardened Debian in one call: `baseline('host', { timeZone: 'UTC' })`. */
export declare function baseline(name: string, options?: BaselineOptions): RecipeResource

export type BaselineOptions = EveryOptions &
  Readonly<{
    sshd?: unknown
    unattendedUpgrades?: unknown
    firewall?: unknown
    timeZone?: string
    admins?: readonly Readonly<{ name: string; keys: readonly string[] }>[]
  }>

/** Lines of ours in a file of somebody else, between two marks: `block('/etc/hosts', { content })`. */
export declare function block(path: string, options?: BlockOptions): RecipeResource

export type BlockOptions = EveryOptions &
  AccessOptions &
  Readonly<{
    /** The lines between the two marks. */
    content?: string
    /** Tells several blocks of one file apart. */
    marker?: string
    absent?: boolean
  }>

/** A certificate for TLS: `certificate('shop', { names: ['shop.example.com'], selfSigned: true })`. */
export declare function certificate(name: string, options?: CertificateOptions): RecipeResource

export type CertificateOptions = EveryOptions &
  Readonly<{
    /** The names it is for: `shop.example.com`. */
    names?: readonly string[]
    selfSigned?: boolean
    acme?: Readonly<{ email: string }>
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

/** A folder: `directory('/srv/shop', { owner: 'shop' })`. */
export declare function directory(path: string, options?: DirectoryOptions): RecipeResource

export type DirectoryOptions = EveryOptions &
  AccessOptions &
  Readonly<{
    absent?: boolean
    /** Together with `absent`: it goes with all that is in it. */
    all?: boolean
  }>

/** A file that the host fetches: `download('/opt/tool.deb', { url, sha256 })`. */
export declare function download(path: string, options: DownloadOptions): RecipeResource

export type DownloadOptions = EveryOptions &
  AccessOptions &
  Readonly<{
    /** Where the host fetches it from. */
    url: string
    /** What it must be. */
    sha256: string
  }>

/** A drop-in of a unit: `dropIn('nginx.service/limits', { sections: { Service: { LimitNOFILE: 65536 } } })`. */
export declare function dropIn(name: string, options?: DropInOptions): RecipeResource

export type DropInOptions = EveryOptions &
  Readonly<{
    content?: string
    /** `{ Service: { LimitNOFILE: 65536 } }`. */
    sections?: Sections
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

/** A file: `file('/etc/motd', { content: 'hello\n' })`. */
export declare function file(path: string, options?: FileOptions): RecipeResource

export type FileOptions = EveryOptions &
  AccessOptions &
  Readonly<{
    /** The whole text. Secrets may stand in it. */
    content?: string
    /** A file beside the recipe, whose bytes it has. */
    source?: string
    absent?: boolean
    /** A program that must accept the new file, which stands for `%`: `'visudo -cf %'`. `false`: not even the usual one. */
    check?: string | readonly string[] | false
  }>

/** What may come in: `firewall('host', { allow: [{ port: 443 }] })`. SSH stays open. */
export declare function firewall(name: string, options?: FirewallOptions): RecipeResource

export type FirewallOptions = EveryOptions &
  Readonly<{
    allow?: readonly unknown[]
    /** The whole of `/etc/nftables.conf`, instead. */
    ruleset?: string
  }>

/** A checkout of a git repository: `gitCheckout('/srv/site', { repo, ref: 'v1.2' })`. */
export declare function gitCheckout(path: string, options: GitCheckoutOptions): RecipeResource

export type GitCheckoutOptions = EveryOptions &
  Readonly<{
    repo: string
    /** A commit, a tag or a branch. */
    ref?: string
    /** Who owns it. Default root. */
    user?: string
    submodules?: boolean
  }>

/** A group: `group('shop')`. */
export declare function group(name: string, options?: GroupOptions): RecipeResource

export type GroupOptions = EveryOptions &
  Readonly<{
    gid?: number
    system?: boolean
    absent?: boolean
  }>

/** The HAProxy that deploys need: `haproxyFront('front')`. */
export declare function haproxyFront(name: string, options?: HaproxyFrontOptions): RecipeResource

export type HaproxyFrontOptions = EveryOptions

/** The name of the host: `hostname('web1')`. */
export declare function hostname(name: string, options?: HostnameOptions): RecipeResource

export type HostnameOptions = EveryOptions

/** A line in a file of somebody else: `line('/etc/default/grub', { line: 'GRUB_TIMEOUT=1', replaces: '^GRUB_TIMEOUT=' })`. */
export declare function line(path: string, options?: LineOptions): RecipeResource

export type LineOptions = EveryOptions &
  AccessOptions &
  Readonly<{
    line?: string
    /** The last line that this expression matches becomes it. */
    replaces?: string
    /** It is added below the last line that this expression matches. Left out: at the end. */
    below?: string
    absent?: boolean
  }>

/** A symbolic link: `link('/etc/localtime', { to: '/usr/share/zoneinfo/UTC' })`. */
export declare function link(path: string, options?: LinkOptions): RecipeResource

export type LinkOptions = EveryOptions &
  Readonly<{
    to?: string
    absent?: boolean
  }>

/** The default locale, generated: `locale('en_US.UTF-8')`. */
export declare function locale(name: string, options?: LocaleOptions): RecipeResource

export type LocaleOptions = EveryOptions & Readonly<{ also?: readonly string[] }>

/** How logs are rotated: `logRotation('shop', { paths: '/var/log/shop/*.log', rotate: 7, every: 'day' })`. */
export declare function logRotation(name: string, options?: LogRotationOptions): RecipeResource

export type LogRotationOptions = EveryOptions &
  Readonly<{
    paths?: string | readonly string[]
    rotate?: number
    every?: 'day' | 'week' | 'month'
    compress?: boolean
    postrotate?: string
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
    encoding?: string
    template?: string
  }>

/** A role of PostgreSQL: `postgresRole('shop', { password: secret('DB_PASSWORD') })`. */
export declare function postgresRole(name: string, options?: PostgresRoleOptions): RecipeResource

export type PostgresRoleOptions = EveryOptions &
  Readonly<{
    password?: string
    superuser?: boolean
    createdb?: boolean
    login?: boolean
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

/** What may be run with sudo: `sudoRule('deploy', { user: 'deploy', commands: '/usr/bin/systemctl reload nginx' })`. */
export declare function sudoRule(name: string, options?: SudoRuleOptions): RecipeResource

export type SudoRuleOptions = EveryOptions &
  Readonly<{
    user?: string
    group?: string
    commands?: string | readonly string[]
    /** Whether sudo asks for the password. */
    password?: boolean
    /** Who they are run as. Default root. */
    as?: string
    absent?: boolean
  }>

/** A setting of the kernel: `sysctl('vm.swappiness', { value: 10 })`. */
export declare function sysctl(name: string, options?: SysctlOptions): RecipeResource

export type SysctlOptions = EveryOptions & Readonly<{ value?: string | number }>

/** A file made from a template of mustache: `template('/etc/motd', { source: 'motd.tpl', vars: { name: host.name } })`. */
export declare function template(path: string, options?: TemplateOptions): RecipeResource

export type TemplateOptions = EveryOptions &
  AccessOptions &
  Readonly<{
    /** A file beside the recipe: `{{name}}` stands for a variable. */
    source?: string
    /** The text itself, instead. */
    text?: string
    /** A variable that is missing is a mistake. Secrets may stand in them. */
    vars?: Readonly<Record<string, Var>>
    check?: string | readonly string[] | false
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

/** A user: `user('deploy', { groups: ['www-data'], shell: '/bin/bash' })`. */
export declare function user(name: string, options?: UserOptions): RecipeResource

export type UserOptions = EveryOptions &
  Readonly<{
    uid?: number
    home?: string
    shell?: string
    /** The primary group. Default: one of the same name. */
    group?: string
    /** The other groups it is in. */
    groups?: readonly string[]
    /** It is in no other groups than these. */
    onlyGroups?: boolean
    system?: boolean
    comment?: string
    /** Crypted, as `mkpasswd` says; may be a secret. */
    password?: string
    absent?: boolean
    /** Together with `absent`: the home folder goes as well. */
    removeHome?: boolean
  }>

/** A secret of the infrastructure, to stand in texts: `secret('DB_PASSWORD')`. Its value is put in when the file is sent. */
export declare function secret(name: string): string
