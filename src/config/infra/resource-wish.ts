/**
 * The words of recipes for packages, files and accounts, and their options. Editors show these comments, so they are the
 * manual. Only declarations live here: the words are made where a `tandem.ts` is evaluated, and the text travels whole to
 * where an editor can see it.
 */
import type { RecipeResource, Var } from './recipe-wish.ts'

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

/**
 * A program that must accept the new file, which stands for `%`: `'visudo -cf %'`. `false`: none, not even the one that
 * such a file is known to need.
 */
export type FileCheck = string | readonly string[] | false

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
    /** `bookworm-pgdg`. Default: the codename of the host. */
    suites?: string | readonly string[]
    /** Default `['main']`. */
    components?: readonly string[]
    /** Default: those of the host. */
    architectures?: readonly string[]
    /** The key that signs it: its text, or the path of a file beside the recipe. */
    key?: string
    /** Instead, where a key already lies on the host. */
    signedBy?: string
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
    keys?: string | readonly string[]
    /** No other keys are there. */
    only?: boolean
    absent?: boolean
  }>

/** Lines of ours in a file of somebody else, between two marks: `block('/etc/hosts', { content })`. */
export declare function block(path: string, options?: BlockOptions): RecipeResource

export type BlockOptions = EveryOptions &
  AccessOptions &
  Readonly<{
    /** The lines between the two marks. */
    content?: string
    /** Tells several blocks of one file apart, and stands in the marks. */
    marker?: string
    /** How a comment begins in this file. Default `#`. */
    comment?: string
    absent?: boolean
    /** The file may be missing, and is made then. */
    create?: boolean
    check?: FileCheck
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
export declare function download(path: string, options?: DownloadOptions): RecipeResource

export type DownloadOptions = EveryOptions &
  AccessOptions &
  Readonly<{
    /** Where the host fetches it from. */
    url?: string
    /** What it must be. */
    sha256?: string
    absent?: boolean
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
    check?: FileCheck
  }>

/** A group: `group('shop')`. */
export declare function group(name: string, options?: GroupOptions): RecipeResource

export type GroupOptions = EveryOptions &
  Readonly<{
    gid?: number
    system?: boolean
    absent?: boolean
  }>

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
    /** The file may be missing, and is made then. */
    create?: boolean
    check?: FileCheck
  }>

/** A symbolic link: `link('/etc/localtime', { to: '/usr/share/zoneinfo/UTC' })`. */
export declare function link(path: string, options?: LinkOptions): RecipeResource

export type LinkOptions = EveryOptions &
  Readonly<{
    to?: string
    absent?: boolean
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
    check?: FileCheck
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
