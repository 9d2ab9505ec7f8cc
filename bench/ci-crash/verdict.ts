import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobRun, Run } from '../../src/store/runs.ts'
import { expected } from './jobs.ts'

/** What is wrong with the runs of these commits after all the kills. */
export type Verdict = Readonly<{
  lost: readonly string[]
  doubled: readonly string[]
  wrong: readonly string[]
}>

/** `begun` has, for each run, how often each job said in all of its folders that it had begun. */
export function judgeRuns(
  commits: readonly string[],
  runs: readonly Run[],
  begun: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Verdict {
  const lost = commits.filter((commit) => !runs.some((run) => run.commit === commit && run.endedAt !== null))
  const many = commits.filter((commit) => runs.filter((run) => run.commit === commit).length > 1)
  const jobs = runs.flatMap((run) => run.jobs.map((job) => ({ job, name: `${run.id} ${job.name}`, run })))
  const twice = jobs.filter(({ job, run }) => (begun.get(run.id)?.get(job.name) ?? 0) > 1)
  const wrong = jobs.filter(({ job, run }) => !isRight(job, begun.get(run.id)?.get(job.name) ?? 0))
  return {
    lost,
    doubled: [...many, ...twice.map(({ name }) => name)],
    wrong: wrong.map(({ name, job }) => `${name}: ${job.outcome ?? job.status} at attempt ${job.attempt}`),
  }
}

function isRight(job: JobRun, begun: number): boolean {
  const outcome = expected[job.name]?.outcome
  return job.outcome === outcome && job.attempt === 1 && begun > 0 === (outcome !== 'skipped')
}

/** How often each job of a run has begun, by what all the logs in its folders say. */
export async function begunIn(folder: string, run: Run): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const place of await readdir(folder).catch(() => [])) {
    const job = run.jobs[Number(place.split('.')[0])]
    const log = await readFile(join(folder, place, 'log'), 'utf8').catch(() => '')
    const times = log.match(/^\d+ begun$/gm)?.length ?? 0
    if (job !== undefined) counts.set(job.name, (counts.get(job.name) ?? 0) + times)
  }
  return counts
}
