import type { Aside } from '../../change/occurrence.ts'
import type { ChangeId } from '../../change/order.ts'
import type { PlanLine } from '../../change/plan.ts'
import type { Trouble } from '../../change/trouble.ts'
import type { Run, RunId } from '../../store/runs.ts'

/** A repository of the team, as lists show it. */
export type RepoView = Readonly<{
  repo: string
  /** Where people clone it; `ssh` is null where sshd was not told of the hub's door, or nobody has said what the hub is called. */
  clone: Readonly<{ http: string; ssh: string | null }>
  forge: Readonly<{ kind: string; url: string }> | null
  /** The branch that is shown first. */
  trunk: string
  head: CommitView | null
  branches: number
  bytes: number
  /** Apps that are built from it, and whether `tandem.ts` comes from it. */
  apps: readonly string[]
  isInfra: boolean
  lastRun: Run | null
  mirrors: readonly Readonly<{ to: string; at: number | null; trouble: string | null }>[]
  /** For the repository of the infrastructure: the folder that the hub itself reads `tandem.ts` from. */
  folder: FolderView | null
}>

/** The hub's own folder. It follows the trunk by itself; `why` says why it does not, and stays as it lies there. */
export type FolderView = Readonly<{
  dir: string
  /** What is checked out there; null where nothing is. */
  commit: string | null
  why: string | null
}>

/** How a repository that a forge holds is followed. */
export type ForgeView = Readonly<{
  repo: string
  kind: 'github' | 'gitlab' | 'gitea' | 'forgejo'
  url: string
  hook: Readonly<{
    /** On the hub: `/hooks/shop`. */
    path: string
    /** In full; null while `tandem.ts` does not say where the hub is. */
    url: string | null
    /** The name of the secret in `infra`, and whether it is set. */
    secret: string
    isSecretSet: boolean
    /** The secret itself is sent instead of a signature. */
    isWeak: boolean
    /** Since the hub began. */
    taken: number
    lastTakenAt: number | null
    repeated: number
    refused: number
    lastRefusal: Readonly<{ at: number; why: string }> | null
  }>
  looked: Readonly<{
    at: number | null
    trouble: Trouble | null
    /** Refs that could not be fetched. */
    refused: readonly Readonly<{ ref: string; why: string }>[]
  }>
  /** `token` is the name of the secret; null = the forge is told nothing. */
  statuses: Readonly<{
    token: string | null
    waiting: number
    sentAt: number | null
    trouble: string | null
  }>
  requests: readonly ForgeRequestView[]
}>

/** An open pull request or merge request. */
export type ForgeRequestView = Readonly<{
  number: number
  ref: string
  head: string
  title: string
  onto: string
  author: string | null
  isFork: boolean
  /** Plans are made for it. */
  isOfTeam: boolean
}>

export type CommitView = Readonly<{
  hash: string
  tree: string
  parents: readonly string[]
  subject: string
  body: string
  author: string
  email: string
  at: number
}>

export type RefView = Readonly<{
  /** In full. */
  ref: string
  name: string
  kind: 'branch' | 'tag' | 'request'
  isProtected: boolean
  head: CommitView
  /** Of the newest run on its head. */
  run: Run | null
}>

/** One file of a folder. `bytes` is null for folders and links to other repositories. */
export type TreeItem = Readonly<{
  name: string
  kind: 'file' | 'folder' | 'link' | 'submodule'
  hash: string
  bytes: number | null
}>

/** A file. `text` is null where it is binary or over the limit of what is shown. */
export type BlobView = Readonly<{ path: string; hash: string; bytes: number; text: string | null }>

export type DiffLine = Readonly<{
  kind: 'same' | 'added' | 'removed'
  old: number | null
  new: number | null
  text: string
}>

export type FileDiff = Readonly<{
  /** Null for a new or a deleted file. */
  oldPath: string | null
  newPath: string | null
  isBinary: boolean
  added: number
  removed: number
  hunks: readonly Readonly<{ header: string; lines: readonly DiffLine[] }>[]
  /** Lines that are not shown because there are too many. */
  cut: number
}>

export type BlameLine = Readonly<{
  line: number
  commit: string
  author: string
  at: number
  subject: string
  text: string
}>

/** Where a commit is live, by which change, and since when. */
export type LivePlace = Readonly<{
  app: string
  environment: string
  change: ChangeId
  since: number
  release: string
}>

/** What a pushed commit of the infrastructure would do to the hosts, as they were when they were looked at. */
export type CommitPlan = Readonly<{
  commit: string
  /** The ref that it was pushed to, in full, and by whom. */
  ref: string
  who: string
  /**
   * `planned`, or `broken`: there can be no plan of it. `passed by`: a newer push came to its ref before there was one.
   * `left out`: nobody of the team asked for it.
   */
  state: 'waiting' | 'looking' | 'planned' | 'broken' | 'passed by' | 'left out'
  /** Since when. */
  at: number
  /** One line: `web1, web2: 3 to make`. */
  text: string
  /** Whether an apply would do nothing. */
  isEmpty: boolean
  lines: readonly PlanLine[]
  /** Lines that are not shown because there are too many. */
  cut: number
  warnings: readonly string[]
  /** Hosts that were not heard. */
  away: readonly string[]
  trouble: Trouble | null
  /** What there is to do now: a command, or that it goes by itself; null = nothing. */
  next: string | null
}>

export type CommitDetail = Readonly<{
  commit: CommitView
  files: readonly FileDiff[]
  /** Files that are not shown because there are too many. */
  cut: number
  refs: readonly string[]
  runs: readonly Run[]
  /** Where it is live now. */
  live: readonly LivePlace[]
  /** Changes that named it, newest first. */
  changes: readonly ChangeId[]
  /** Null where it was never pushed to the repository of the infrastructure. */
  plan: CommitPlan | null
}>

/** One record of a job's log; `ms` counts from the start of the job. */
export type RunLine = Readonly<{ ms: number; text: string }>

/** `next` is where the rest begins, in bytes; `isOver` says that no more will come. */
export type RunLog = Readonly<{ lines: readonly RunLine[]; next: number; isOver: boolean }>

export type TestView = Readonly<{
  name: string
  job: string
  runs: number
  failures: number
  medianMs: number
  p95Ms: number
  isFlaky: boolean
  /** The first failing commit since it last passed, and the commits between: one of them did it. */
  failingSince: Readonly<{ commit: string; run: RunId; suspects: readonly string[] }> | null
  lastMessage: string | null
}>

/** What is held back from going out by itself, and why. */
export type HoldView = Readonly<{
  target: string
  who: string
  why: string
  since: number
  until: number | null
}>

/** A commit that is on its way out: what the train looks like. */
export type TrainPlace = Readonly<{
  target: string
  commit: string
  subject: string
  who: string
  run: RunId | null
  /**
   * `testing`, `green`, `held`, `frozen`, `waiting` for the change before it, `going`. Of the infrastructure also `empty`,
   * when it would change nothing, and `broken`, when there can be no plan of it.
   */
  status: 'testing' | 'green' | 'held' | 'frozen' | 'waiting' | 'going' | 'empty' | 'broken'
  /** Why it does not move. */
  why: string | null
  change: ChangeId | null
}>

/** A release whose bytes lie at the hub. */
export type KeptRelease = Readonly<{
  release: string
  bytes: number
  /** When it was made, or read last. */
  usedAt: number
  /** What needs it; empty where nothing does, and it is kept for a while all the same. */
  why: readonly string[]
  /** When it goes, unless it is used before or room is needed; null = not while something needs it. */
  until: number | null
  /** Of which repository and commit it was made, as the newest statement about it says. */
  repo: string | null
  commit: string | null
}>

/** Routes about repositories, runs, and what goes out by itself. Queries stand behind each. */
export type CodeRoutes = {
  'GET /api/repos': { repos: readonly RepoView[] }
  'POST /api/repos': { repo: RepoView; /** Where its line stands now, beside `tandem.ts`. */ file: string } // body: { name }
  'GET /api/repos/:repo': { repo: RepoView; refs: readonly RefView[] }
  'GET /api/repos/:repo/forge': { forge: ForgeView }
  'GET /api/repos/:repo/commits': { commits: readonly CommitView[]; next: string | null } // ?ref= &path= &after=HASH &limit=
  'GET /api/repos/:repo/commits/:commit': CommitDetail
  'POST /api/repos/:repo/commits/:commit/plan': { plan: CommitPlan }
  'GET /api/repos/:repo/tree': { commit: CommitView; path: string; items: readonly TreeItem[] } // ?ref= &path=
  'GET /api/repos/:repo/blob': { commit: CommitView; blob: BlobView } // ?ref= &path=
  'GET /api/repos/:repo/blame': { commit: CommitView; lines: readonly BlameLine[] } // ?ref= &path=
  'GET /api/repos/:repo/asides': { asides: readonly Aside[] } // ?before=SEQ &limit=
  'GET /api/repos/:repo/tests': { tests: readonly TestView[] } // ?sort=slow|flaky|failing
  'GET /api/runs': { runs: readonly Run[] } // ?repo= &commit= &ref= &before=RUN &limit=
  'POST /api/runs': { run: Run } // body: { repo, ref }
  'GET /api/runs/:run': { run: Run }
  'GET /api/runs/:run/log': RunLog // ?job= &attempt= &from=BYTE
  'POST /api/runs/:run/cancel': { ok: true }
  'POST /api/runs/:run/again': { run: Run }
  'GET /api/releases': { releases: readonly KeptRelease[] }
  'GET /api/train': { places: readonly TrainPlace[]; holds: readonly HoldView[] }
  'POST /api/holds': { hold: HoldView } // body: { target, why, until: number | null }
  'DELETE /api/holds/:target': { ok: true } // ?why=
}

/** What the event stream says of them: `event: run` and `event: aside`. */
export type CodeEvent = Readonly<{ type: 'run'; run: Run }> | Readonly<{ type: 'aside'; aside: Aside }>
