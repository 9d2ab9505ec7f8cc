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
