import type { Entry } from './entry.ts'
import type { Json } from './json.ts'
import type { Door } from './order.ts'

/**
 * What happens beside the changes and is written into the same chain: what became of repositories, and who holds
 * what back. `about` of its entry is a repository (`shop`), or the target that is held (`shop@production`,
 * `@infra`).
 */
export type Occurrence =
  | Readonly<{ type: 'repo-made'; who: string }>
  /** One ref moved. `from` is null for a new one, `to` for one that was deleted; `found` = seen by looking at the refs. */
  | Readonly<{
      type: 'pushed'
      ref: string
      from: string | null
      to: string | null
      who: string
      door: Door | 'forge' | 'found'
      subject: string
    }>
  | Readonly<{ type: 'push-refused'; ref: string; who: string; why: string }>
  | Readonly<{
      type: 'run-ended'
      run: string
      commit: string
      ref: string
      outcome: string
      release: string | null
    }>
  /** What a pushed commit would do to the hosts, in one line, or why nobody can say: then it is `broken`. */
  | Readonly<{
      type: 'plan-made'
      commit: string
      ref: string
      outcome: 'planned' | 'broken'
      text: string
    }>
  /** The hub's own folder went on with the trunk of the repository of the infrastructure. */
  | Readonly<{ type: 'followed'; from: string; to: string }>
  | Readonly<{ type: 'mirrored'; to: string; trouble: string | null }>
  | Readonly<{ type: 'held'; who: string; why: string; until: number | null }>
  | Readonly<{ type: 'released'; who: string; why: string }>
  /** A change that is to be ordered at a time: `due`, in milliseconds since the Unix epoch. */
  | Readonly<{ type: 'scheduled'; id: string; wish: Json; due: number; who: string; why: string }>
  /** It was ordered, or somebody took it back. */
  | Readonly<{ type: 'unscheduled'; id: string; who: string; why: string }>
  /** Somebody wants samples of these series gone, `from` one time `to` another; null: without an end. */
  | Readonly<{
      type: 'delete-ordered'
      selectors: readonly string[]
      from: number | null
      to: number | null
      who: string
      door: Door
    }>
  | Marked

/**
 * What another system, or a person through it, wants to see on graphs. It happened `from` that time, `until` another one
 * (null: at a moment), in milliseconds since the Unix epoch. `about` of its entry is `marksAbout`.
 */
export type Marked = Readonly<{
  type: 'marked'
  title: string
  text: string
  tags: readonly string[]
  who: string
  sender: 'grafana' | 'graphite' | 'dogstatsd'
  from: number
  until: number | null
}>

/** What marks of other systems are about: no repository and no target has this name. */
export const marksAbout = '@marks'

/** What is said of samples is about this. */
export const samplesAbout = '@samples'

/** One line of the ledger that belongs to no change. */
export type Aside = Occurrence &
  Readonly<{ seq: number; change: null; about: string; at: number; prev: string; hash: string }>

/** Whatever stands in the ledger. */
export type Written = Entry | Aside

/** Tells the two apart. */
export const isAside = (written: Written): written is Aside => written.change === null
