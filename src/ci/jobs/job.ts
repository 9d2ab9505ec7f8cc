import type { JobConfig } from '../../config/repo/repo.ts'

/** What is run for one job and one combination of its matrix. It is kept with the run, as JSON. */
export type JobSpec = Readonly<
  Omit<JobConfig, 'needs' | 'matrix'> & {
    /** The name without the combination. */
    job: string
    /** The combination: values by the name of the variable that the job finds them in. */
    matrix: Readonly<Record<string, string>>
    /** Where it stands: `ci/test`, `repos.shop.jobs.test`. */
    from: string
    /**
     * Its part in the artifact: the job `build` makes it out of its `output`; a job that needs `build` gets it unpacked,
     * at `at` in its checkout.
     */
    artifact: Readonly<{ part: 'makes' }> | Readonly<{ part: 'gets'; at: string }> | null
  }
>

/** A job of a run: unique by name, and behind all that it needs. */
export type Job = Readonly<{ name: string; needs: readonly string[]; spec: JobSpec }>

/** The job whose output is the artifact. */
export const BUILD = 'build'

/** A job as it is said, before it is beside the others. `lineOf` says in which line of the file an option stands. */
export type SaidJob = Readonly<{
  name: string
  config: JobConfig
  from: string
  lineOf: ((option: string) => number) | null
}>

/** Something wrong with what a repository says of its jobs, and where. */
export type Fault = Readonly<{ where: string; what: string; now: string }>

/** Where an option of a job stands: `ci/test:3`, `repos.shop.jobs.test.needs`. */
export const placeOf = ({ from, lineOf }: SaidJob, option: string): string =>
  lineOf === null ? `${from}.${option}` : `${from}:${lineOf(option)}`
