import type { AnswerLimits } from '../../config/metrics/metrics.ts'

/** Something that is asked for its numbers again and again. */
export type TargetPlan = Readonly<{
  /** The same as long as it is the same target: what is remembered of it goes by this. */
  id: string
  /** Where it is asked, as people read it. */
  url: string
  /** Of all its series: `job` and `instance`, and what is known of where it runs. */
  labels: Readonly<Record<string, string>>
  honorLabels: boolean
  honorTimestamps: boolean
  intervalMs: number
  timeoutMs: number
  limits: AnswerLimits
  /** `host`: whoever holds the session to the host asks, and brings what was answered. */
  ask: Readonly<{ kind: 'host' }> | Readonly<{ kind: 'http'; headers: Readonly<Record<string, string>> }>
}>

/** What came of asking once. */
export type Outcome =
  | Readonly<{ type: 'answered'; body: Uint8Array; contentType: string }>
  | Readonly<{ type: 'failed'; why: string }>

/** One time of asking. `labels` are those of this time: which release answers, say. */
export type Scraped = Readonly<{
  id: string
  labels: Readonly<Record<string, string>>
  atMs: number
  tookMs: number
  outcome: Outcome
}>

/** What whoever knows the targets says to where samples are taken in. */
export type ScrapeDeed =
  /** From now on these are all targets. */
  | Readonly<{ type: 'targets'; plans: readonly TargetPlan[]; atMs: number }>
  | Readonly<{ type: 'scraped'; scraped: Scraped }>
  /** Why a target is none yet. */
  | Readonly<{ type: 'waits'; id: string; why: string }>

/** How a target was when it was asked last; `atMs` null = not asked yet. */
export type TargetState = Readonly<{
  id: string
  url: string
  labels: Readonly<Record<string, string>>
  health: 'up' | 'down' | 'unknown'
  why: string
  atMs: number | null
  tookMs: number
  samples: number
  intervalMs: number
  timeoutMs: number
}>
