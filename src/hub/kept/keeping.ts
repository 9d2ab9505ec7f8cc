import type { KeptRelease } from '../../api/wire/code.ts'
import { artifactDir } from '../../ci/artifact/artifact.ts'
import { clearOut, storedIn } from '../../ci/kept/clear-out.ts'
import { whatGoes } from '../../ci/kept/what-goes.ts'
import type { Shelf } from '../../ci/provenance/shelf.ts'
import type { TeamConfig } from '../../config/config.ts'
import { forgetBuilds } from '../../deploy/build/build.ts'
import type { RunId } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { neededCommits } from './needed-commits.ts'
import { neededReleases } from './needed-releases.ts'

type Parts = Readonly<{
  stateDir: string
  store: Store
  config: () => Promise<TeamConfig>
  shelf: () => Promise<Shelf>
  now: () => number
}>

/** What the hub keeps of what was built, and why. */
export type Keeping = Readonly<{
  view: () => Promise<readonly KeptRelease[]>
  /** Takes away what nobody needs and the limits leave no room for. Throws where `tandem.ts` cannot be read: nothing goes. */
  sweep: () => Promise<void>
  /** Runs that are not forgotten however old they are: they tested what may go live, or did. */
  runs: () => Promise<ReadonlySet<RunId>>
  /** Commits of a repository that stay in it though no branch has them any more. */
  commits: (repo: string) => Promise<ReadonlySet<string>>
}>

export function openKeeping(parts: Parts): Keeping {
  const { stateDir, store, now } = parts
  const dir = artifactDir(stateDir)
  const judged = async () => {
    const config = await parts.config()
    const { releasesBytes: bytes, keepReleasesMs: ageMs } = config.ci
    const { releases } = await neededReleases({ stateDir, store, config })
    const { stored } = await storedIn(dir)
    return { releases, ...whatGoes(stored, releases, { limits: { bytes, ageMs }, now: now() }) }
  }
  const view = async () => {
    const { kept } = await judged()
    const shelf = kept.length === 0 ? null : await parts.shelf()
    const views = kept.map(async ({ release, bytes, usedAt, why, until }) => {
      const newest = (await shelf?.of(release))?.at(-1)?.provenance
      const { repo = null, commit = null } = newest ?? {}
      return { release, bytes, usedAt, why, until, repo, commit }
    })
    return (await Promise.all(views)).toSorted((a, b) => b.usedAt - a.usedAt)
  }
  return {
    view,
    sweep: async () => {
      const { releases, going } = await judged()
      const names = going.map(({ release }) => release)
      const removed = await clearOut(dir, names, { isNeeded: (one) => releases.has(one), now: now() })
      if (removed.length > 0) await forgetBuilds(store.records, new Set(removed))
    },
    runs: async () => (await neededReleases({ stateDir, store, config: await parts.config() })).runs,
    commits: async (repo) =>
      neededCommits({ store, now, config: await parts.config(), releases: await view() }, repo),
  }
}
