import type { Context } from '../../../sdk/flag/flag.ts'
import type { CountsBatch } from '../../../sdk/wire/messages.ts'

/** How often a flag came to one thing. Null where it had none: the program's own default was the answer. */
export type UseLine = Readonly<{
  variant: string | null
  rule: string | null
  reason: string
  errorCode: string | null
  count: number
}>

/** How often a flag was asked for lately. */
export type FlagUse = Readonly<{
  flag: string
  /** Null for one that nobody asked for since `since` of the environment. */
  lastAt: number | null
  /** Of the last 24 hours, the most frequent first. */
  day: readonly UseLine[]
  /** The only answer there was since the day `at`, failures aside; null where there were several, or none. */
  same: Readonly<{ variant: string | null; at: number }> | null
}>

/** One hour or day of a flag. */
export type UseSpan = Readonly<{ at: number; lines: readonly UseLine[] }>

export type FlagUseHistory = FlagUse & Readonly<{ hours: readonly UseSpan[]; days: readonly UseSpan[] }>

export type EnvironmentUse = Readonly<{
  environment: string
  /** Since when it is counted. */
  since: number
  /** When a page or program was last given all flags at once: what it asked of them it may not have told. */
  bulkAt: number | null
  /** Flags that are there, and then such that programs asked for and were not. */
  flags: readonly FlagUse[]
}>

/** Of the people seen lately, how many a flag would give what. */
export type Reach = Readonly<{
  /** A sample of them, no more than a thousand; `seen` is an estimate of how many there were. */
  sample: number
  seen: number
  /** By variant; '' for those who are left to the program. */
  variants: Readonly<Record<string, number>>
  /** By the id of the rule that decided. */
  rules: Readonly<Record<string, number>>
}>

/** How flags are used. */
export type FlagUseSide = Readonly<{
  /** Resolves when it is written down; the same batch of the same client counts once. */
  take: (environment: string, batch: CountsBatch) => Promise<void>
  /** Takes note that all flags were given at once. */
  bulk: (environment: string) => void
  /** Takes note that somebody was here. */
  seen: (environment: string, context: Context) => void
  of: (environment: string) => Promise<EnvironmentUse>
  history: (environment: string, flag: string) => Promise<FlagUseHistory>
  /** What a flag, as it is or as somebody wants it, gives the people seen lately. Throws a TroubleError for one that is none. */
  reach: (environment: string, key: string, flag: unknown) => Promise<Reach>
}>

/** Where code names a flag. */
export type FlagPlace = Readonly<{
  path: string
  line: number
  column: number
  /** Null where it is asked for by a key that is made up as the program runs: which one cannot be told. */
  flag: string | null
  /** `asked`: a call is given the key. `named`: the key stands there. `text`: it is a quoted word of a file in another language. */
  how: 'asked' | 'named' | 'text'
  /** The line. */
  code: string
}>

/** What a search through code came to. */
export type CodeSearch = Readonly<{
  /** What was looked at: a folder, or a commit of a repository. */
  where: string
  files: number
  places: readonly FlagPlace[]
  /** What was not looked at, and why. */
  leftOut: readonly Readonly<{ path: string; why: string }>[]
}>

export type FlagUseRoutes = {
  'POST /api/flag-places': { search: CodeSearch } // body: { repo, ref: string | null, flags: string[] }
  'GET /api/flag-use': EnvironmentUse // ?environment=
  'GET /api/flag-use/:key': { environment: string; use: FlagUseHistory } // ?environment=
  'POST /api/flag-use/:key/reach': { environment: string; now: Reach | null; wanted: Reach } // body: { environment, flag }
}
