import { troubleOf, TroubleError, type Trouble } from '../../change/trouble.ts'
import type { Run, RunOrder } from '../../store/runs.ts'
import { findCommit } from '../../vcs/commit.ts'
import { ciFilesAt } from '../jobs/ci-files.ts'
import type { Job } from '../jobs/job.ts'
import { jobsOf } from '../jobs/jobs.ts'
import type { CiWorld } from './ci-world.ts'

/** What somebody wants to be run. */
export type RunWish = Pick<RunOrder, 'repo' | 'ref' | 'who' | 'door' | 'again'> &
  Readonly<{
    /** Null: whatever the ref points to now. */
    commit: string | null
  }>

/** Reads the jobs of a commit and puts them into the queue. What cannot be read is said by the run itself. */
export async function orderRun(
  world: CiWorld,
  { repo, ref, who, door, again, commit }: RunWish,
): Promise<Readonly<{ run: Run; isNew: boolean; superseded: readonly string[] }>> {
  const found = await findCommit(world.repoDir(repo), commit ?? ref)
  const { jobs, trouble } = await readJobs(world, repo, found.hash)
  const { hash, tree, subject } = found
  return world.runs.order({
    repo,
    ref,
    who,
    door,
    again,
    commit: hash,
    tree,
    subject,
    trouble,
    jobs,
    orderedAt: world.now(),
  })
}

type Read = Readonly<{ jobs: readonly Job[]; trouble: Trouble | null }>

async function readJobs(world: CiWorld, repo: string, commit: string): Promise<Read> {
  try {
    const files = await ciFilesAt(world.repoDir(repo), commit)
    return { jobs: jobsOf({ files, repo, config: await world.config() }), trouble: null }
  } catch (thrown) {
    if (!(thrown instanceof TroubleError)) throw thrown
    return { jobs: [], trouble: troubleOf(thrown) }
  }
}
