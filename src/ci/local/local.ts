import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TeamConfig } from '../../config/config.ts'
import type { JobRun } from '../../store/runs.ts'
import { ciFilesAt } from '../jobs/ci-files.ts'
import type { Job } from '../jobs/job.ts'
import { jobsOf } from '../jobs/jobs.ts'
import { requireSandbox } from '../sandbox/system.ts'
import { choose } from './choose.ts'
import { type HereOptions, runHere } from './run-here.ts'
import { dirtyOf, headOf, nameOf, type Source, topOf } from './source.ts'

/** The jobs of a checkout, ready to be run where it lies. */
export type Local = Readonly<{
  source: Source
  jobs: readonly Job[]
  /** Throws where jobs cannot be shut in. */
  run: (by: Pick<HereOptions, 'env' | 'now' | 'stopped' | 'told'>) => Promise<readonly JobRun[]>
}> &
  AsyncDisposable

export type LocalWish = Readonly<{
  /** A folder in the checkout. */
  folder: string
  /** The work tree as it lies, instead of its last commit. */
  isDirty: boolean
  /** Names of jobs; none = all. */
  names: readonly string[]
  /** What `tandem.ts` says; null = there is none. */
  config: Pick<TeamConfig, 'repos' | 'apps'> | null
  /** What the repository is called in `tandem.ts`; null = as that it was cloned from, or its folder. */
  repo: string | null
}>

/** Reads the jobs of a checkout. Everything that it makes lies in a temporary folder, and goes when it is disposed. */
export async function openLocal(wish: LocalWish): Promise<Local> {
  const scratch = await mkdtemp(join(tmpdir(), 'tandem-ci-'))
  const remove = (): Promise<void> => rm(scratch, { recursive: true, force: true, maxRetries: 3 })
  try {
    const top = await topOf(wish.folder)
    const source = wish.isDirty ? await dirtyOf(top, scratch) : await headOf(top)
    const files = await ciFilesAt(source.repo, source.commit.hash)
    const config = wish.config ?? { repos: {}, apps: {} }
    const names = [wish.repo, await nameOf(top), top.split('/').at(-1)].filter(
      (name) => typeof name === 'string',
    )
    const repo = names.find((name) => Object.hasOwn(config.repos, name)) ?? null
    const jobs = choose(jobsOf({ files, repo, config }), wish.names)
    return {
      source,
      jobs,
      run: (by) => {
        requireSandbox()
        return runHere({ ...by, source, scratch, jobs, repo: repo ?? names[0] ?? 'here' })
      },
      [Symbol.asyncDispose]: remove,
    }
  } catch (thrown) {
    await remove()
    throw thrown
  }
}
