import type { Debt, Lockout, Script } from '../things/thing.ts'
import type { PackageSeen, UserSeen } from './seen.ts'

/**
 * One operation on a host: what the plan of a change records, what the program on the host does, and what an undo
 * turns round. Nothing in here is secret and nothing is large: bytes are named by their digest.
 */
export type Op = Readonly<{
  /** Counts from 1 within the host's plan: names the pre-image on the host. */
  number: number
  /** What people see: `file /etc/motd`. */
  resource: string
  /** `tandem.ts:14:3`. */
  at: string
  /** The key of the thing it is for; debts and joint transactions have one of their own. */
  key: string
  act: Act
  /** What is owed once this is done: written on the host before. */
  owes: readonly Debt[]
  lockout: Lockout | null
  /** Why it cannot be undone; null when it can. */
  cannotUndo: string | null
  /** The operation that this one takes back. Where that one found its thing as it should be, nothing is to be taken back. */
  takesBack?: Readonly<{ change: string; number: number }>
}>

/**
 * What must be at a path before an operation, and after it: compared on the host, so that what moved since the plan is
 * refused. `any` where the plan could not know it.
 */
export type PathState = Readonly<
  | { type: 'missing' }
  | { type: 'file'; sha256: string; mode: number; owner: string; group: string }
  | { type: 'directory'; mode: number; owner: string; group: string }
  | { type: 'link'; to: string }
  | { type: 'any' }
>

/** Where the bytes of a file come from. */
export type BytesFrom = Readonly<
  /**
   * They travel with the program, under their digest. For a secret the digest is keyed (HMAC) and in no ledger bare, in
   * `after` too: the host compares its file with the bytes that came.
   */
  | { type: 'sent'; sha256: string; size: number; isSecret: boolean }
  /** They were kept on the host by this change, before its operation of this number. */
  | { type: 'kept'; change: string; number: number }
>

export type Act = Readonly<
  | {
      type: 'write'
      path: string
      from: BytesFrom
      before: PathState
      after: PathState & { type: 'file' }
      check: readonly string[] | null
    }
  | { type: 'mkdir'; path: string; before: PathState; after: PathState & { type: 'directory' } }
  /** Mode, owner and group only. */
  | { type: 'access'; path: string; before: PathState; after: PathState }
  | { type: 'link'; path: string; before: PathState; after: PathState & { type: 'link' } }
  /** `all`: a folder with what is in it, which is kept whole for an undo. */
  /** `spare`: a folder that something else lies in by now stays, and that is no trouble. */
  | { type: 'remove'; path: string; before: PathState; all: boolean; spare?: true }
  /**
   * Puts back whatever the operation of that number had found: a folder with all that was in it, a file, a link, or
   * nothing. So every operation on a path keeps what it finds, whatever that is.
   */
  | { type: 'restore'; path: string; from: BytesFrom & { type: 'kept' }; before: PathState }
  /** One apt transaction. */
  | {
      type: 'packages'
      install: readonly Readonly<{ name: string; version: string | null }>[]
      remove: readonly string[]
      purge: readonly string[]
      hold: readonly string[]
      unhold: readonly string[]
      /** What came along with the packages of that operation goes with them, unless something else needs it by now. */
      cameWith?: Readonly<{ change: string; number: number }>
      /** Every package named above as it was. */
      before: Readonly<Record<string, PackageSeen | null>>
    }
  | { type: 'user'; name: string; before: UserSeen | null; after: UserAfter | null; removeHome: boolean }
  | {
      type: 'group'
      name: string
      before: number | null
      after: Readonly<{ gid: number | null; system: boolean }> | null
    }
  | {
      type: 'unit'
      unit: string
      /** Null: as it is. */
      enabled: boolean | null
      running: boolean | null
      masked: boolean | null
      /** Null where a package of this plan may bring it. */
      before: Readonly<{ enabled: boolean; running: boolean; masked: boolean }> | null
    }
  /** A command; its check, when there is one, is asked again just before. */
  | {
      type: 'command'
      name: string
      check: Script | null
      run: Script
      undo: Script | null
      /** Whose TANDEM_KEEP it finds: that of the operation that it takes back. Left out: one of its own. */
      kept?: Readonly<{ change: string; number: number }>
    }
  /** Pays what is owed. */
  | { type: 'pay'; debt: Debt }
>

/** What of a user is to be set; null stays as it is (for a new one: the default of useradd). */
export type UserAfter = Readonly<{
  uid: number | null
  group: string | null
  home: string | null
  shell: string | null
  comment: string | null
  /** All the other groups it shall be in afterwards. */
  groups: readonly string[] | null
  system: boolean
  makeHome: boolean
  /** Travels with the program when it changes (`passwords` of the host's plan, by user); never recorded. */
  setsPassword: boolean
}>

/** Tells one debt from another, on the host too: `restart nginx.service`, `units`, `command rebuild the index`. */
export function debtKey(debt: Debt): string {
  switch (debt.type) {
    case 'restart':
    case 'reload':
      return `${debt.type} ${debt.unit}`
    case 'units':
    case 'lists':
      return debt.type
    case 'command':
      return `command ${debt.name}`
  }
}
