import { type Ci, openCi } from '../../ci/ci.ts'
import type { Shelf } from '../../ci/provenance/shelf.ts'
import { signRun } from '../../ci/provenance/sign-run.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { Run, RunId } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { thisProcess } from '../../store/holder.ts'
import { repoDir } from '../../vcs/repository.ts'
import { every } from '../every.ts'
import type { HubOptions } from '../options.ts'
import { readSecretsOf } from '../secrets/read-secrets.ts'
import { packageVersion } from '../version.ts'

type Parts = Readonly<{
  options: HubOptions
  store: Store
  config: () => Promise<TeamConfig>
  shelf: () => Promise<Shelf>
  /** Runs that are not forgotten, however old they are. */
  kept: () => Promise<ReadonlySet<RunId>>
  broke: (thrown: unknown) => void
}>

const lookMs = 1_000
const sweepMs = 5 * 60_000

/** A ref that has moved; `to` is null where it is gone. */
type Moved = Readonly<{
  repo: string
  ref: string
  to: string | null
  who: string
  door: Parameters<Ci['order']>[0]['door']
}>

/** Runs, and what begins them. */
export type RunsHere = Ci &
  Readonly<{
    /** The run that it begins; null = none. */
    moved: (push: Moved) => Promise<Run | null>
    /** Carries out what waits, until it is aborted. */
    goOn: (signal: AbortSignal) => Promise<void>
  }>

export function openRuns({ options, store, config, shelf, kept, broke }: Parts): RunsHere {
  const { stateDir, projectDir } = options
  const ci = openCi({
    stateDir,
    projectDir,
    runs: store.runs,
    runner: thisProcess(options.kind),
    config,
    repoDir: (repo) => repoDir(stateDir, repo),
    secrets: () => readSecretsOf(options, 'infra'),
    record: (repo, happened) => store.ledger.record(repo, happened, Date.now()),
    sign: async (run) => {
      await signRun({ stateDir, shelf: await shelf(), version: await packageVersion() }, run)
    },
    kept,
    hidden: [stateDir, projectDir],
    now: Date.now,
    broke,
  })
  return {
    ...ci,
    goOn: async (signal) => {
      await Promise.all([every(lookMs, ci.tick, signal, broke), every(sweepMs, ci.sweep, signal, broke)])
    },
    moved: async ({ repo, ref, to, who, door }) => {
      // Tags name commits that were run when their branch had them.
      if (to === null || ref.startsWith('refs/tags/')) return null
      return ci.order({ repo, ref, commit: to, who, door, again: false })
    },
  }
}
