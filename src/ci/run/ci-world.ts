import type { Occurrence } from '../../change/occurrence.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { HostAddress } from '../../remote/remote.ts'
import type { Run, Runner, Runs } from '../../store/runs.ts'
import type { Caches } from '../cache/caches.ts'
import type { JobSpec } from '../jobs/job.ts'
import type { Starter } from '../supervisor/starter.ts'

/** All that one job needs of whoever runs it: a hub, or a person on their own machine. */
export type JobWorld = Readonly<{
  stateDir: string
  /** Where the bare repository of this name lies. */
  repoDir: (repo: string) => string
  /** The secrets that a job gets, by name. */
  secretsFor: (run: Run, spec: JobSpec) => Promise<Readonly<Record<string, string>>>
  /** Whether whoever wrote the ref of this run may be trusted by others: with secrets, and with what they will build on. */
  isTrusted: (run: Run) => Promise<boolean>
  caches: () => Promise<Caches>
  /** Folders of ours that no job may see. */
  hidden: readonly string[]
  now: () => number
}>

/** All that the queue needs of whoever has it carried out. */
export type QueueWorld = JobWorld &
  Readonly<{
    runs: Runs
    /** This process. */
    runner: Runner
    /** How many jobs run at a time. */
    parallel: () => Promise<number>
    /** The hosts that a host or a role names; `here` where all jobs run on this machine. */
    hostsOf: (on: string) => Promise<readonly HostAddress[] | 'here'>
    record: (repo: string, happened: Occurrence) => Promise<void>
    /** Signs what a run has made, which is over but for being written down; twice when we die in between. */
    sign: (run: Run) => Promise<void>
    starter: Starter
    /** Told of every run that has altered. */
    tell: (run: Run) => void
    broke: (thrown: unknown) => void
  }>

/** All that runs need of the hub. */
export type CiWorld = QueueWorld &
  Readonly<{
    config: () => Promise<TeamConfig>
    /** The team's secrets for jobs, read anew. */
    secrets: () => Promise<ReadonlyMap<string, string>>
  }>
