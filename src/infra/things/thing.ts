/**
 * What resources are made of. Six sorts of things are enough for all of them; each sort knows how it is looked for on a
 * host (`host/`), what is to be done about it (`plan/`), and how that is undone. Two resources that own one thing
 * are a mistake, and `key` says what "one" means.
 */

export type Thing = PathThing | PackageThing | UserThing | GroupThing | UnitThing | CommandThing

/**
 * What is owed once something has changed. It is written down on the host before the change is made, done once, and
 * struck out when it has succeeded. `lists` is paid before the next package, `units` before the next unit, the others
 * at the end, in the order in which they were owed.
 */
export type Debt = Readonly<
  | { type: 'restart'; unit: string }
  | { type: 'reload'; unit: string }
  /** systemctl daemon-reload. */
  | { type: 'units' }
  /** apt-get update. */
  | { type: 'lists' }
  /** A command: `name` tells it from others, for people too. */
  | { type: 'command'; name: string; script: Script }
>

/** What may lock us out when it is wrong: such changes undo themselves unless a new connection confirms them. */
export type Lockout = 'sshd' | 'firewall' | 'network' | 'sudo' | 'pam'

type Common = Readonly<{
  /** What is owned: `path /etc/motd`, `package nginx`, `user deploy`, `unit nginx.service`, `command NAME`. */
  key: string
  /** What is owed when this thing changes. */
  owes: readonly Debt[]
  lockout: Lockout | null
}>

export type PathThing = Common &
  Readonly<{
    type: 'path'
    /** Absolute, without control characters, `.` or `..`; may begin with `~user/` when the recipe does not make that user. */
    path: string
    want: PathWant
    /**
     * A program that must accept the new bytes before they are put in place: an argv in which the word `%` stands for
     * the path of the new file, `['visudo', '-cf', '%']`. Null: none.
     */
    check: readonly string[] | null
  }>

export type PathWant = Readonly<
  | ({ type: 'file'; content: Content } & Access)
  | ({ type: 'directory' } & Access)
  | { type: 'link'; to: string }
  /** Nothing is there. `all`: a folder goes with all that is in it; otherwise one that is not empty is a trouble. */
  | { type: 'absent'; all: boolean }
  /** A file that belongs to somebody else, in which we want something. `create`: it may be missing, and is made then. */
  | ({ type: 'edited'; edits: readonly Edit[]; create: boolean } & Access)
>

/** Null: as it is, and for something new: 0644 (folders 0755) and root. Names, or numbers written as text. */
export type Access = Readonly<{ mode: number | null; owner: string | null; group: string | null }>

/** Bytes that are known here. `secrets`: the names of those within; when there are any, nobody is shown a diff. */
export type Content = Readonly<{ bytes: Uint8Array; secrets: readonly string[] }>

export type Edit = Readonly<
  /**
   * The line is there once. The last line that is equal, or that the expression `replaces` (JavaScript, of one line)
   * matches, becomes it; else it is added after the last line that `after` matches, or at the end.
   */
  | { type: 'line'; line: string; replaces: string | null; after: string | null }
  /** No line is equal, and none matches. */
  | { type: 'no line'; line: string | null; matches: string | null }
  /** These lines stand between `begin` and `end`, two whole lines; added at the end when they are not there. */
  | { type: 'block'; begin: string; end: string; lines: string }
  | { type: 'no block'; begin: string; end: string }
>

/** Things of packages next to each other become one transaction. */
export type PackageThing = Common &
  Readonly<{
    type: 'package'
    name: string
    want: Readonly<
      | {
          type: 'installed'
          /** Exactly this one; null: any, and newest when it is new. */ version: string | null
        }
      /** `purge`: its configuration goes as well. */
      | { type: 'absent'; purge: boolean }
    >
    /** Kept at its version by `apt-mark hold`. Null: as it is. */
    hold: boolean | null
  }>

export type UserThing = Common &
  Readonly<{
    type: 'user'
    name: string
    want: Readonly<
      | {
          type: 'present'
          uid: number | null
          /** The primary group; null: one of the same name. */
          group: string | null
          /** Null: as it is; for a new one `/home/NAME`, made with what is in /etc/skel unless it is a system user. */
          home: string | null
          shell: string | null
          comment: string | null
          /** The other groups it is in; null: as they are. It is taken out of none unless `only` is true. */
          groups: Readonly<{ names: readonly string[]; only: boolean }> | null
          system: boolean
          /** A crypted password; null: as it is, and locked for a new one. */
          password: Content | null
        }
      /** `home`: the home folder goes as well. */
      | { type: 'absent'; home: boolean }
    >
  }>

export type GroupThing = Common &
  Readonly<{
    type: 'group'
    name: string
    want: Readonly<{ type: 'present'; gid: number | null; system: boolean } | { type: 'absent' }>
  }>

/** A unit of systemd. What is null stays as it is. `running` for a timer or socket means that it is active. */
export type UnitThing = Common &
  Readonly<{
    type: 'unit'
    /** With its suffix: `nginx.service`. */
    unit: string
    enabled: boolean | null
    running: boolean | null
    masked: boolean | null
  }>

/**
 * Text for `sh -eu`, or an argv. Secrets may stand in `env` alone, as marks that are replaced when the program is sent:
 * in a command, others on the host could read them.
 *
 * `run` and `undo` of a command thing find in the variable TANDEM_KEEP a path where nothing was before: what `run`
 * keeps there, a file or a folder, stays on the host with the pre-images of its change, and `undo` finds it again. The
 * folder around it is root's alone, so only commands of root can use it. A `run` that was cut short is run
 * again and finds what it has kept: that is the state before, not what it finds now.
 */
export type Script = Readonly<{
  run: string | readonly string[]
  /** Who runs it; null = root. */
  user: string | null
  cwd: string | null
  env: Readonly<Record<string, string>>
  limitMs: number
}>

export type CommandThing = Common &
  Readonly<{
    type: 'command'
    name: string
    /** Ends with 0 when there is nothing to do. Null: `run` is done at each apply, and the plan says so. */
    check: Script | null
    run: Script
    /** Takes it back; null: it cannot be undone, and the plan says so. */
    undo: Script | null
    /** What people read in the plan in place of the command, when that says more; null: the command. */
    says: string | null
  }>
