import type { JobRun, Run } from '../../store/runs.ts'
import { emptyEnv } from '../sandbox/furnish.ts'
import type { Laid } from './prepare.ts'

/** The whole environment of a job. */
export const envOf = ({ attempt, release, secrets }: Laid): Readonly<Record<string, string>> => {
  const { run, job, spec } = attempt
  return { ...emptyEnv, ...factsOf(run, job, release), ...spec.matrix, ...spec.env, ...secrets }
}

/** What a job may want to know of itself. */
const factsOf = (run: Run, job: JobRun, release: string | null): Readonly<Record<string, string>> => ({
  TANDEM_RUN: run.id,
  TANDEM_JOB: job.name,
  TANDEM_ATTEMPT: String(job.attempt),
  TANDEM_REPO: run.repo,
  TANDEM_COMMIT: run.commit,
  TANDEM_REF: run.ref,
  ...(release === null ? {} : { TANDEM_RELEASE: release }),
})
