import type { Door } from '../change/order.ts'
import type { Trouble } from '../change/trouble.ts'

/** `r1`, `r2` …: the number says the order in which runs were asked for. */
export type RunId = string

export const outcomes = [
  'passed',
  /** Passed, but only when it was run once more. */
  'flaky',
  'failed',
  'timed out',
  'cancelled',
  /** What it needed did not pass. */
  'skipped',
  /** Its supervisor is gone and left no exit code, twice. */
  'lost',
] as const
export type Outcome = (typeof outcomes)[number]

/** Whether what was tested may go live. A test that passes only sometimes says so, but does not stop people. */
export const isGreen = (outcome: Outcome | null): boolean => outcome === 'passed' || outcome === 'flaky'

/** A part of a job's log that the job named. `endedAt` is null while it runs. */
export type StepTime = Readonly<{ name: string; startedAt: number; endedAt: number | null }>

/** One job of a run, with one combination of its matrix. */
export type JobRun = Readonly<{
  /** `test`, `test (node=24)`: unique in its run. */
  name: string
  needs: readonly string[]
  status: 'waiting' | 'running' | 'over'
  outcome: Outcome | null
  /** 1, or 2 when it is run once more. */
  attempt: number
  /** The build host; null = the hub. */
  host: string | null
  startedAt: number | null
  endedAt: number | null
  exit: number | null
  trouble: Trouble | null
  steps: readonly StepTime[]
  /** The SHA-256 of the artifact that it made. */
  release: string | null
}>

/** A job before anything was done about it. */
export const waitingJob = ({ name, needs }: Pick<JobRun, 'name' | 'needs'>): JobRun => ({
  name,
  needs,
  status: 'waiting',
  outcome: null,
  attempt: 1,
  host: null,
  startedAt: null,
  endedAt: null,
  exit: null,
  trouble: null,
  steps: [],
  release: null,
})

/** The jobs of a repository, run on one commit. */
export type Run = Readonly<{
  id: RunId
  repo: string
  commit: string
  tree: string
  /** In full: `refs/heads/main`, `refs/pull/3/head`. */
  ref: string
  subject: string
  /** Who pushed or asked. */
  who: string
  door: Door | 'forge' | 'found'
  orderedAt: number
  endedAt: number | null
  /** Null while it waits or runs. A run without jobs passes at once. */
  outcome: Outcome | null
  /** The newer run that made this one needless. */
  supersededBy: RunId | null
  /** Why no job could be read from the commit. */
  trouble: Trouble | null
  jobs: readonly JobRun[]
  /** The artifact of its job `build`. */
  release: string | null
}>

/** What is asked for with a push. `spec` is what the job does, as it was read from the commit; JSON. */
export type RunOrder = Pick<
  Run,
  'repo' | 'commit' | 'tree' | 'ref' | 'subject' | 'who' | 'door' | 'trouble'
> &
  Readonly<{
    orderedAt: number
    jobs: readonly Readonly<{ name: string; needs: readonly string[]; spec: unknown }>[]
    /** Whether it runs also when the newest run of its ref is of this very commit. */
    again: boolean
  }>

/** Somebody's wish that a run ends. */
export type Stop = Readonly<{ who: string; at: number }>

/** A run that is not over, and what its jobs do. */
export type OpenRun = Readonly<{ run: Run; stop: Stop | null; specs: ReadonlyMap<string, unknown> }>

/** What is known of a job beside what people are shown. */
export type JobState = Readonly<{
  /** The folder of its supervisor, or of that of its first attempt while it waits again; null = none was begun. */
  place: string | null
  /** Which of the places where jobs run at one time it has; null = none. */
  seat: number | null
  /** How its first attempt ended, in the second. */
  first: 'failed' | 'lost' | null
}>

/** A process that carries out jobs; see `Holder`. */
export type Runner = Readonly<{ pid: number; started: number; boot: string }>

/** The right to carry out a job, held by one process. A later claim has a higher token. */
export type Claim = Readonly<{ run: RunId; job: string; token: number }>

/** A test as a report told it. `ms` is null where the report says nothing of time. */
export type TestResult = Readonly<{
  name: string
  outcome: 'passed' | 'failed' | 'skipped'
  ms: number | null
  message: string | null
}>

export type KeptTest = TestResult &
  Readonly<{ run: RunId; commit: string; ref: string; job: string; at: number }>

/** Thrown by a write to a job that another process carries out by now. */
export class ClaimLostError extends Error {
  constructor({ run, job, token }: Claim) {
    super(`the job ${job} of ${run} with token ${token} is carried out by another process by now`)
    this.name = 'ClaimLostError'
  }
}

/** The queue of runs and what became of them. What was written is on disk when its promise resolves. */
export type Runs = Readonly<{
  /**
   * Asks for a run, and for the end of all older ones of its ref. When the newest run of the ref is of this commit
   * already, that one is returned, and nothing is written.
   */
  order: (order: RunOrder) => Promise<Readonly<{ run: Run; isNew: boolean; superseded: readonly RunId[] }>>
  get: (run: RunId) => Promise<Run | null>
  /** Newest first, asked for before `before`. */
  list: (
    query: Readonly<{
      repo: string | null
      commit: string | null
      ref: string | null
      before: RunId | null
      limit: number
    }>,
  ) => Promise<readonly Run[]>
  /** Those that are not over, oldest first. */
  open: () => Promise<readonly OpenRun[]>
  /** The right to carry out a job that is not over and that nobody alive carries out; null = somebody does. */
  claim: (
    run: RunId,
    job: string,
    runner: Runner,
    at: number,
  ) => Promise<Readonly<{ claim: Claim; job: JobRun; state: JobState }> | null>
  /** Writes what became of a job, while the claim is current (else `ClaimLostError`). A job that waits or is over is let go. */
  write: (claim: Claim, job: Partial<JobRun>, state: Partial<JobState>) => Promise<void>
  /** Says that this process lives. */
  beat: (runner: Runner, at: number) => Promise<void>
  /** Lets go of all jobs that this process carries out: another may go on with them at once. */
  leave: (runner: Runner) => Promise<void>
  /** Asks for the end of a run; false = it is over already. */
  stop: (run: RunId, stop: Stop) => Promise<boolean>
  /** Ends a run whose jobs are all over; null = it was ended before. */
  end: (
    run: RunId,
    ended: Readonly<{ outcome: Outcome; endedAt: number; release: string | null }>,
  ) => Promise<Run | null>
  /** Keeps what a job's reports said, in place of what was kept of it. */
  keepTests: (run: RunId, job: string, tests: readonly TestResult[], at: number) => Promise<void>
  /** What is kept of a repository, newest run first, at most `limit`. */
  tests: (repo: string, limit: number) => Promise<readonly KeptTest[]>
  /** Forgets runs that ended before `at`, but for those of `kept`, and their tests; gives those it forgot, at most `limit`. */
  forget: (at: number, kept: ReadonlySet<RunId>, limit: number) => Promise<readonly RunId[]>
}>
