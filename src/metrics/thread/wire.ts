import type { Trouble } from '../../change/trouble.ts'
import type { ScrapeDeed, TargetState } from '../scrape/plan.ts'
import type {
  Answered,
  Asked,
  MetricsStatus,
  OwnSamples,
  Parcel,
  Receipt,
  Settings,
} from '../metrics-side.ts'
import type { DeletionWish } from '../storage/deletions/deletion.ts'
import type { Keep } from '../storage/store-options.ts'
import type { Top } from '../storage/top.ts'

/** What is called by name inside the thread, and what it gives back. */
export type Calls = Readonly<{
  take: (parcel: Parcel) => Receipt
  write: (samples: OwnSamples) => Receipt
  ask: (question: Question) => Answered | Promise<Answered>
  scrape: (deed: ScrapeDeed) => null
  targets: () => readonly TargetState[]
  heed: (settings: Settings) => Promise<null>
  keep: (keep: Keep) => null
  status: (nothing: null) => MetricsStatus
  top: (most: number) => Top
  /** Makes this folder, which must not be there. */
  snapshot: (folder: string) => null
  /** Gives back how many series had samples that are gone now. */
  delete: (wish: DeletionWish) => Promise<Readonly<{ series: number }>>
  clean: (nothing: null) => Promise<null>
  /** Gives the samples back to their files, and ends. */
  close: () => Promise<null>
}>

/** Its place among all questions is where `Leaving` marks that nobody waits for the answer any more. */
export type Question = Readonly<{ asked: Asked; place: number }>

export type CallName = keyof Calls
export type Given<Name extends CallName> = Parameters<Calls[Name]>[0]
export type Back<Name extends CallName> = Awaited<ReturnType<Calls[Name]>>

/** One call on its way in. */
export type Call = { [Name in CallName]: Readonly<{ id: number; name: Name; given: Given<Name> }> }[CallName]

/** Its way out. What is no trouble of people is a bug of ours, and goes over as it was thrown. */
export type Reply =
  | Readonly<{ id: number; back: Back<CallName> }>
  | Readonly<{ id: number; trouble: Trouble }>
  | Readonly<{ id: number; bug: unknown }>

/** What the thread says by itself: why it cannot begin, what broke though nobody had called, and what people should know. */
export type Said =
  | Reply
  | Readonly<{ unable: Trouble }>
  | Readonly<{ broke: unknown }>
  | Readonly<{ told: string }>

/** How the thread is begun; `marks` are those of `Leaving`. */
export type Beginning = Readonly<{ options: EngineOptions; marks: Int32Array }>

export type EngineOptions = Partial<Keep> &
  Readonly<{
    /** Of Tandem, as targets are told. */
    version: string
    /** Where samples are kept. */
    folder: string
    seriesLimit: number
    seriesOfNameLimit: number
    keptMs: number
    /** How many samples a query may hold at once. */
    maxSamples: number
    timeoutMs: number
  }>
