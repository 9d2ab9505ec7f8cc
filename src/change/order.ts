import type { Json } from './json.ts'

/** Where an order came in. */
export const doors = ['cli', 'web', 'git', 'chat', 'api', 'clock', 'guard'] as const
export type Door = (typeof doors)[number]

/** `c1`, `c2` …: the number says the order in which orders came in. */
export type ChangeId = string

/** What somebody wants: the one argument of `propose`. */
export type Order = Readonly<{
  /** Which kind plans and runs it: `deploy`, `apply`, `flip`. */
  kind: string
  /** What is changed and therefore leased: `shop@production`, a host, a flag. */
  target: string
  /** What is wanted, in the kind's own words. */
  wish: Json
  who: string
  door: Door
  why: string
  /** The change that this order takes back, if it is a revert. */
  reverts: ChangeId | null
}>
