import type { FarStatus } from '../far-outlet.ts'

/** A query that the far engine answers otherwise than we do: what differs, in words. */
export type Difference = Readonly<{ query: string; what: string }>

/** What was asked on both engines, and how it came out. */
export type Compared = Readonly<{
  url: string
  fromMs: number
  toMs: number
  stepMs: number
  same: number
  differences: readonly Difference[]
}>

/** How it stands with the engine beyond this machine; null = nothing is written there, or it is not asked. */
export type FarReport = Readonly<{ sending: FarStatus | null; compared: Compared | null }>
