import type { Facts } from '../../config/infra/recipe-wish.ts'

/** The facts of a host, and the name of its start that they were seen in: some are the same until the next. */
export type KnownHost = Readonly<{ boot: string; facts: Facts }>

/**
 * What was seen on a host of what its recipe names, and then, while planning, what will be there after the operations
 * planned so far: the plan folds each thing over it.
 */
export type Seen = Readonly<{
  boot: string
  facts: Facts
  /** By the path that things name. What is not in here was not looked at. */
  paths: ReadonlyMap<string, PathSeen>
  /** `null`: dpkg does not know it, or only its configuration is left. */
  packages: ReadonlyMap<string, PackageSeen | null>
  users: ReadonlyMap<string, UserSeen | null>
  groups: ReadonlyMap<string, GroupSeen | null>
  units: ReadonlyMap<string, UnitSeen>
  /** The outcome of each command's check, by the key of its thing: 0 = nothing to do. Null: could not be asked yet. */
  checks: ReadonlyMap<string, number | null>
  /** What an earlier change has left undone, by the key of the debt. */
  owed: ReadonlySet<string>
  /** Homes of users that paths begin with (`~deploy/`); null: no such user. */
  homes: ReadonlyMap<string, string | null>
  /** What apt would install, exactly, for the packages that are missing: name to version. Null: its lists are not there. */
  candidates: ReadonlyMap<string, string> | null
}>

export type PathSeen = Readonly<
  | { type: 'missing' }
  | ({
      type: 'file'
      size: number
      /** Lower-case hexadecimal. */
      sha256: string
      /** Only where somebody needs them: a diff, an edit. Null: not fetched (too large, or not needed). */
      bytes: Uint8Array | null
      /** Names of this file, 1 unless it is hard-linked. */
      names: number
    } & AccessSeen)
  | ({ type: 'directory'; isEmpty: boolean } & AccessSeen)
  | { type: 'link'; to: string; owner: string; group: string }
  /** A device, a socket, a FIFO: nothing of ours. */
  | { type: 'other'; what: string }
  /** Only while planning: something earlier in the plan decides it. `why`: `the package nginx may bring it`. */
  | { type: 'unknown'; why: string }
>

export type AccessSeen = Readonly<{
  /** The lowest 12 bits. */
  mode: number
  owner: string
  group: string
  /** Seconds since 1970, by the host's clock: only shown to people. */
  mtime: number
}>

export type PackageSeen = Readonly<{ version: string; held: boolean; arch: string }>

export type UserSeen = Readonly<{
  uid: number
  /** Name of the primary group. */
  group: string
  home: string
  shell: string
  comment: string
  groups: readonly string[]
  /** A hash (SHA-256) of the crypted password, so that it is compared without travelling; `null` when locked. */
  passwordSha256: string | null
}>

export type GroupSeen = Readonly<{ gid: number }>

export type UnitSeen = Readonly<{
  /** `loaded`, `not-found`, `masked`; `unknown` while planning: a package of the plan may bring it. */
  load: string
  /** `active`, `inactive`, `failed`, `activating` … */
  active: string
  /** `enabled`, `disabled`, `static`, `masked` … ; empty when there is no such unit. */
  file: string
  needsReload: boolean
}>
