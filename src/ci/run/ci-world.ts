import type { Occurrence } from '../../change/occurrence.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { Run, Runner, Runs } from '../../store/runs.ts'
import type { Starter } from '../supervisor/starter.ts'

/** All that runs need of the hub. */
export type CiWorld = Readonly<{
  stateDir: string
  runs: Runs
  /** This process. */
  runner: Runner
  config: () => Promise<TeamConfig>
  /** Where the bare repository of this name lies. */
  repoDir: (repo: string) => string
  /** The team's secrets for jobs, read anew. */
  secrets: () => Promise<ReadonlyMap<string, string>>
  record: (repo: string, happened: Occurrence) => Promise<void>
  /** Folders of ours that no job may see. */
  hidden: readonly string[]
  starter: Starter
  now: () => number
  /** Told of every run that has altered. */
  tell: (run: Run) => void
  broke: (thrown: unknown) => void
}>
