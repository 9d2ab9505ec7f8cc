import type { Keep } from './storage/store-options.ts'
import type { Top } from './storage/top.ts'
import type { Json } from '../change/json.ts'
import type { Door } from '../change/order.ts'
import type { FarReport } from './far/doctor/report.ts'
import type { FarSettings, FarStatus } from './far/far-outlet.ts'
import type { Described, Reason } from './intake.ts'
import type { Labels } from './labels.ts'
import type { ScrapeDeed, TargetState } from './scrape/plan.ts'

/** What somebody sent us, as it came: it is read inside the thread of metrics. */
export type Parcel = Readonly<{
  /** In whose words the body is: `thread/protocols.ts` lists them. */
  protocol: string
  /** Handed over: whoever gives it does not look at it again. */
  body: Uint8Array
  /** As the headers of the same names said; empty where there were none. */
  contentType: string
  contentEncoding: string
  /** The target or the key it comes from: what is remembered of one sender is no matter of another. */
  sender: string
  /** When it came: the time of samples that have none. */
  atMs: number
  /** Added to all series, where they are lacking or may not be trusted. */
  labels: Readonly<Record<string, string>>
  /** Whether the sender's own labels and times count where ours say otherwise. */
  honour: Readonly<{ labels: boolean; times: boolean }>
}>

/** Samples as parts of the hub say them among themselves: a place in each list for each. */
export type OwnSamples = Readonly<{
  labels: readonly Labels[]
  times: readonly number[]
  values: readonly number[]
  /** Rising: which of them only say that their series has ended. */
  stale: readonly number[]
  described?: Readonly<Record<string, Described>>
}>

/** Why samples are not taken: by the store, or before it is asked. */
export type Fault = Reason | 'no name' | 'labels out of bounds' | 'native histogram' | 'too many buckets'

/** How many samples were refused, and why. */
export type Refusals = Readonly<Partial<Record<Fault, number>>>

/** How many samples there were, and how many of them outlive us. */
export type TakenCount = Readonly<{ samples: number; taken: number; refused: Refusals }>

/**
 * What became of a parcel. What was refused would be refused again, and so would be what is `malformed`. Of what shall come
 * `later` nothing was taken, through no fault of the sender.
 */
export type Receipt =
  | (TakenCount & Readonly<{ type: 'taken' }>)
  | Readonly<{ type: 'malformed'; what: string; isTooLong: boolean }>
  | Readonly<{ type: 'later'; what: string }>

/** A question in the words of the HTTP API of Prometheus. */
export type Asked = Readonly<{
  route: AskRoute
  /** The label whose values are asked for; otherwise empty. */
  name: string
  /** Query and form together, as they are encoded in an address. */
  params: string
  /** Of a remote read. */
  body?: Uint8Array
}>

export type AskRoute =
  | 'query'
  | 'query_range'
  | 'query_exemplars'
  | 'format_query'
  | 'series'
  | 'labels'
  | 'label_values'
  | 'metadata'
  | 'federate'
  | 'read'

/** An answer that goes over the wire as it is. */
export type Answered = Readonly<{
  status: number
  contentType: string
  /** How the body is packed; left out where it is not. */
  contentEncoding?: 'snappy'
  body: Uint8Array<ArrayBuffer>
}>

/** What lets somebody send samples and do nothing else. */
export type WriteKey = Readonly<{
  id: string
  /** The host or program it was given to. */
  name: string
  who: string
  createdAt: number
}>

export type WriteKeys = Readonly<{
  /** The secret is told this once. */
  create: (wish: Pick<WriteKey, 'name' | 'who'>) => Promise<Readonly<{ key: WriteKey; secret: string }>>
  /** Null for what is no key, or no longer one. */
  check: (secret: string) => Promise<WriteKey | null>
  list: () => Promise<readonly WriteKey[]>
  /** False when there is none of this id. */
  revoke: (id: string) => Promise<boolean>
}>

/** What is said of metrics in tandem.ts and elsewhere, in the words of Prometheus. */
export type EngineSettings = Readonly<{
  yaml: string
  flags: Readonly<Record<string, string>>
  retention: string
  /** Whether tandem.ts can be read; when what is heeded was. */
  isRead: boolean
  readAt: number
}>

/** What watches: in the shapes of the HTTP API of Prometheus, each for the parameters that it takes. */
export type Watching = Readonly<{
  targets: (params: URLSearchParams) => Promise<Json>
  rules: (params: URLSearchParams) => Promise<Json>
  alerts: () => Promise<Json>
  settings: () => Promise<EngineSettings>
  /** Asks much. Throws a TroubleError where there is no far engine. */
  farReport: () => Promise<FarReport>
}>

export type { FarReport, Keep }

/** What tandem.ts says to the thread. Files of rules were read without a mistake before. */
export type Settings = Readonly<{
  rules: readonly Readonly<{ file: string; text: string }>[]
  far: FarSettings | null
}>

/** How it stands with what the thread does by itself. */
export type MetricsStatus = Readonly<{
  far: FarStatus | null
  /** The data of `/api/v1/rules`. */
  rules: Json
}>

/** Which samples somebody wants gone: `match[]`, `start` and `end`, as they are encoded in an address. */
export type DeletionAsked = Readonly<{ params: string; who: string; door: Door }>

/** How many series had some of them; or what is wrong with the order, in the words of Prometheus. */
export type Deleted = Readonly<{ series: number }> | Readonly<{ wrong: string }>

/** Samples, as everybody outside the thread sees them. Throws a TroubleError where there is no engine at the moment. */
export type MetricsSide = Readonly<{
  take: (parcel: Parcel) => Promise<Receipt>
  write: (samples: OwnSamples) => Promise<Receipt>
  /** Ends early, with an answer that says so, when nobody waits for it any more. */
  ask: (asked: Asked, signal?: AbortSignal) => Promise<Answered>
  /** Says who is asked for numbers, or what came of asking where that is done outside. */
  scrape: (deed: ScrapeDeed) => Promise<void>
  targets: () => Promise<readonly TargetState[]>
  /** What there is most of, so many of each. */
  top: (most: number) => Promise<Top>
  /** Makes a folder of all that is kept, for backups, and gives back its name. */
  snapshot: () => Promise<string>
  /** Writes anew what still has on the disk what was deleted. */
  clean: () => Promise<void>
}>
