import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Entry } from '../change/entry.ts'
import type { Aside } from '../change/occurrence.ts'
import type { Json } from '../change/json.ts'
import type { ChangeId, Door, Order } from '../change/order.ts'
import type { Plan } from '../change/plan.ts'
import type { Deleted, DeletionAsked, MetricsSide, Watching, WriteKeys } from '../metrics/metrics-side.ts'
import type { LogLine, May, Store } from '../store/store.ts'
import type { Run, RunId } from '../store/runs.ts'
import type {
  CodeRoutes,
  CommitPlan,
  ForgeView,
  HoldView,
  KeptRelease,
  RepoView,
  RunLog,
  TestView,
  TrainPlace,
} from './wire/code.ts'
import type { CodeSearch, FlagUseSide } from './wire/flag-use.ts'
import type { GraphPageView } from './wire/graphs.ts'
import type { FlagSide } from './wire/flags.ts'
import type { InfraSide, StatusView } from './wire/wire.ts'

/** What a forge sent, untouched. Names of headers are in small letters. */
export type Webhook = Readonly<{ header: (name: string) => string | null; body: Uint8Array }>

/** Repositories that forges hold. */
export type ForgeSide = Readonly<{
  /** Comes back before anything is fetched. `says` is for people who look at what the forge has delivered. */
  take: (
    repo: string,
    webhook: Webhook,
  ) => Promise<Readonly<{ status: 200 | 202 | 401 | 404 | 503; says: string }>>
  /** Null for a repository that no forge holds. */
  view: (repo: string) => Promise<ForgeView | null>
}>

/** What is run on commits. Lists of runs are in the store. */
export type RunSide = Readonly<{
  /** Throws a TroubleError for a ref that nobody knows. */
  order: (
    wish: Readonly<{
      repo: string
      ref: string
      /** Null: what the ref points to now. */
      commit: string | null
      who: string
      door: Run['door']
      /** Whether it runs though the newest run of the ref is of this commit. */
      again: boolean
    }>,
  ) => Promise<Run>
  again: (run: RunId, who: string, door: Door) => Promise<Run>
  cancel: (run: RunId, who: string) => Promise<void>
  /** The whole records of a job's log from a byte on; `attempt` null = the newest. */
  log: (asked: Readonly<{ run: RunId; job: string; attempt: number | null; from: number }>) => Promise<RunLog>
  /** Calls back for every run that alters from now on. */
  subscribe: (listener: (run: Run) => void) => () => void
}>

/** What goes out by itself. */
export type TrainSide = Readonly<{
  view: () => Promise<Readonly<{ places: readonly TrainPlace[]; holds: readonly HoldView[] }>>
  /** Throws a TroubleError for a target that nobody knows. */
  hold: (wish: Omit<HoldView, 'since'>) => Promise<HoldView>
  /** Throws a TroubleError for a target that is not held. */
  release: (target: string, who: string, why: string) => Promise<void>
}>

/** What the API asks of the hub. `hub.ts` makes one; nothing else of the hub is visible here. */
export type HubSide = Readonly<{
  version: string
  store: Store
  /** Fills in a wish (defaults, names) and says what it would change; throws a TroubleError for a wish that cannot be. */
  accept: (kind: string, wish: Json) => Promise<Readonly<{ target: string; wish: Json }>>
  plan: (order: Order) => Promise<Plan>
  /** Records the order and starts it; resolves as soon as it is in the ledger. */
  propose: (order: Order) => Promise<ChangeId>
  /** The order that would take back this change, or the last finished one of a target (all targets if null). */
  revertOf: (
    change: ChangeId | null,
    target: string | null,
  ) => Promise<Pick<Order, 'kind' | 'target' | 'wish' | 'reverts'>>
  stop: (change: ChangeId, who: string, door: Door) => Promise<void>
  overrule: (change: ChangeId, who: string, why: string) => Promise<void>
  status: () => Promise<StatusView>
  infra: InfraSide
  flags: FlagSide
  flagUse: FlagUseSide
  /** The definitions of an environment in the words of flagd, and the state they are in. */
  flagdFile: (environment: string) => Promise<Readonly<{ rev: string; text: string }>>
  forges: ForgeSide
  train: TrainSide
  /** What the hub keeps of what was built, used last first. */
  releases: () => Promise<readonly KeptRelease[]>
  repos: RepoSide
  runs: RunSide
  /** Pages of graphs that the team has written. */
  graphPages: () => Promise<readonly GraphPageView[]>
  metrics: MetricsSide
  watching: Watching
  /** Deletes samples that were taken up to now; it is written down who wanted that. */
  deleteSamples: (asked: DeletionAsked) => Promise<Deleted>
  /** Counts a request whose answer began after so many milliseconds. */
  answered: (method: string, status: number, ms: number) => void
  writeKeys: WriteKeys
  /** What this person may do; null for somebody who is not of the team (any more). */
  may: (person: string) => May | null
  /** Calls back for each entry, aside and log line from now on, also those that other processes write. */
  subscribe: (
    listener: Readonly<{
      entry: (entry: Entry) => void
      aside: (aside: Aside) => void
      log: (line: LogLine) => void
    }>,
  ) => () => void
}>

/** What a client of git asks for, from somebody who proved who they are. */
export type GitAsked = Readonly<{
  repo: string
  place: 'info/refs' | 'git-upload-pack' | 'git-receive-pack'
  service: 'git-upload-pack' | 'git-receive-pack'
  who: string
  mayPush: boolean
}>

/** Where to look: `ref` is a branch, a tag or a hash, null for the trunk. */
export type PlaceAsked = Readonly<{ ref: string | null; path: string }>

/** Repositories that the hub knows. All but `git` throw a TroubleError for what is not there. */
export type RepoSide = Readonly<{
  list: () => Promise<readonly RepoView[]>
  /** Writes a repository more into `tandem.ts` and makes it at once. */
  make: (repo: string, who: string) => Promise<CodeRoutes['POST /api/repos']>
  show: (repo: string) => Promise<CodeRoutes['GET /api/repos/:repo']>
  commits: (
    repo: string,
    asked: PlaceAsked & Readonly<{ after: string | null; limit: number }>,
  ) => Promise<CodeRoutes['GET /api/repos/:repo/commits']>
  commit: (repo: string, commit: string) => Promise<CodeRoutes['GET /api/repos/:repo/commits/:commit']>
  /** Has the hosts looked at anew beside the recipes of a commit of the infrastructure. */
  plan: (repo: string, commit: string, who: string) => Promise<CommitPlan>
  tree: (repo: string, asked: PlaceAsked) => Promise<CodeRoutes['GET /api/repos/:repo/tree']>
  blob: (repo: string, asked: PlaceAsked) => Promise<CodeRoutes['GET /api/repos/:repo/blob']>
  blame: (repo: string, asked: PlaceAsked) => Promise<CodeRoutes['GET /api/repos/:repo/blame']>
  asides: (
    repo: string,
    asked: Readonly<{ before: number | null; limit: number }>,
  ) => Promise<readonly Aside[]>
  /** Where the files of a commit, or of the trunk, name flags. */
  flagPlaces: (repo: string, ref: string | null, flags: readonly string[]) => Promise<CodeSearch>
  tests: (repo: string, sort: 'slow' | 'flaky' | 'failing') => Promise<readonly TestView[]>
  git: (asked: GitAsked, request: IncomingMessage, response: ServerResponse) => Promise<void>
}>
