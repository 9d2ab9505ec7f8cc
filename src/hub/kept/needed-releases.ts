import { changeOf } from '../../change/change.ts'
import type { TeamConfig } from '../../config/config.ts'
import { commitAwaited, neededDeployments } from '../../deploy/needed.ts'
import { isGreen, type Run, type RunId } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { findCommit } from '../../vcs/commit.ts'
import { repoDir, trunkOf } from '../../vcs/repository.ts'
import { lanesOf } from '../ci/lanes.ts'

/** What may not go, whatever the limits say: releases with the reasons, and the runs that tested them. */
export type Needed = Readonly<{
  releases: ReadonlyMap<string, readonly string[]>
  runs: ReadonlySet<RunId>
}>

type Parts = Readonly<{ stateDir: string; store: Store; config: TeamConfig }>

/** Of each branch that goes somewhere, so many of the newest green commits can go at once. */
const greenKept = 5
const runsRead = 50

/** Computed anew each time, from the ledger, the queue of runs and what `tandem.ts` says. */
export async function neededReleases(parts: Parts): Promise<Needed> {
  const releases = new Map<string, readonly string[]>()
  const runs = new Set<RunId>()
  const add = (release: string | null, run: RunId | null, why: string): void => {
    if (run !== null) runs.add(run)
    if (release === null || release === '') return
    const known = releases.get(release) ?? []
    if (!known.includes(why)) releases.set(release, [...known, why])
  }
  for (const { deployment, why } of await neededDeployments(parts.store, parts.config))
    add(deployment.release, deployment.run, why)
  for (const { run } of await parts.store.runs.open())
    for (const { release } of run.jobs) add(release, run.id, `${run.id} is not over`)
  for (const { run, why } of [...(await newestGreen(parts)), ...(await awaited(parts))])
    add(run.release, run.id, why)
  return { releases, runs }
}

type NeededRun = Readonly<{ run: Run; why: string }>

/** What the train may take, and what somebody deploys who names a branch. */
async function newestGreen({ store, config }: Parts): Promise<readonly NeededRun[]> {
  const trunks = Object.entries(config.repos).map(([repo, one]) => ({ repo, branch: trunkOf(one) }))
  const lanes = lanesOf(config).filter(({ repo }) => config.repos[repo] !== undefined)
  const branches = new Map([...trunks, ...lanes].map((one) => [`${one.repo} ${one.branch}`, one]))
  const found = await Promise.all(
    [...branches.values()].map(async ({ repo, branch }) => {
      const ref = `refs/heads/${branch}`
      const runs = await store.runs.list({ repo, ref, commit: null, before: null, limit: runsRead })
      const green = runs.filter(({ outcome }) => isGreen(outcome)).slice(0, greenKept)
      return green.map((run) => ({ run, why: `among the newest green of ${repo} ${branch}` }))
    }),
  )
  return found.flat()
}

/** What changes will bring that wait in line and name a commit. */
async function awaited({ stateDir, store, config }: Parts): Promise<readonly NeededRun[]> {
  const open = await store.ledger.ofMany(await store.ledger.open())
  const found = await Promise.all(
    open.map(async (entries): Promise<readonly NeededRun[]> => {
      const change = changeOf(entries, null)
      const waits = commitAwaited(change)
      const repo = waits === null ? undefined : config.apps[waits.app]?.repo
      if (waits === null || repo === undefined || config.repos[repo] === undefined) return []
      // A commit that is not there is refused when its turn comes.
      const commit = await findCommit(repoDir(stateDir, repo), waits.ref).catch(() => null)
      if (commit === null) return []
      const asked = { repo, commit: commit.hash, ref: null, before: null, limit: runsRead }
      return (await store.runs.list(asked)).map((run) => ({ run, why: `${change.id} waits to deploy it` }))
    }),
  )
  return found.flat()
}
