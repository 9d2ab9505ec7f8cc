import { type Trouble, TroubleError } from '../../change/trouble.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { CiFile } from './ci-files.ts'
import { combinationsOf, expand } from './expand.ts'
import { BUILD, type Fault, type Job, placeOf, type SaidJob } from './job.ts'
import { inOrder, unknownNeeds } from './needs.ts'
import { buildOfApps, jobsOfConfig, jobsOfFiles } from './said.ts'

/** What a commit says of its jobs, and what `tandem.ts` says of its repository; null = it is none of `repos`. */
export type JobSources = Readonly<{
  files: readonly CiFile[]
  repo: string | null
  config: Pick<TeamConfig, 'repos' | 'apps'>
}>

const MOST_JOBS = 100
const MOST_TOLD = 20

/**
 * The jobs that are run on a commit, each behind all that it needs. A commit without any gives none. Throws one trouble
 * for all that is wrong, with the places.
 */
export function jobsOf({ files, repo, config }: JobSources): readonly Job[] {
  const faults: Fault[] = []
  const written = [...jobsOfFiles(files, faults), ...(repo === null ? [] : jobsOfConfig(repo, config))]
  const hasBuild = written.some(({ name }) => name === BUILD) || files.some(({ name }) => name === BUILD)
  const said = repo === null || hasBuild ? written : [...buildOfApps(repo, config, faults), ...written]
  faults.push(...twice(said), ...unfit(said))
  // A job that has a fault of its own is not missing for the others.
  if (faults.length === 0) faults.push(...unknownNeeds(said))
  refuse(faults)
  const ordered = inOrder(said, faults)
  refuse(faults)
  return expand(ordered)
}

function twice(said: readonly SaidJob[]): readonly Fault[] {
  return said.flatMap((job, at) => {
    const first = said.slice(0, at).find(({ name }) => name === job.name)
    if (first === undefined) return []
    const what = `the job ${job.name} is said twice: in ${first.from} and in ${job.from}`
    return [{ where: job.from, what, now: 'take one of them away, or give it another name' }]
  })
}

function unfit(said: readonly SaidJob[]): readonly Fault[] {
  const empty = said.flatMap((job) =>
    Object.entries(job.config.matrix).flatMap(([name, values]) => {
      if (values.length > 0 && new Set(values).size === values.length) return []
      const what = `${job.from}: matrix.${name} ${values.length === 0 ? 'has no value' : 'has a value twice'}`
      return [{ where: placeOf(job, 'matrix'), what, now: `write each value once, \`${name}=22,24\`` }]
    }),
  )
  const builds = said.filter(({ name, config }) => name === BUILD && Object.keys(config.matrix).length > 0)
  const many = builds.map((job) => ({
    where: placeOf(job, 'matrix'),
    what: `${job.from} has a matrix, and a commit has one artifact`,
    now: 'give the matrix to the jobs that need the build',
  }))
  return [...empty, ...many, ...tooMany(said)]
}

function tooMany(said: readonly SaidJob[]): readonly Fault[] {
  const count = said.reduce((sum, { config }) => sum + combinationsOf(config.matrix), 0)
  const largest = said.toSorted(
    (a, b) => combinationsOf(b.config.matrix) - combinationsOf(a.config.matrix),
  )[0]
  if (largest === undefined || count <= MOST_JOBS) return []
  const part = combinationsOf(largest.config.matrix)
  const what = `these are ${count} jobs, and at most ${MOST_JOBS} are run on a commit`
  const now =
    part === 1 ? 'join some of them' : `the matrix of ${largest.name} makes ${part} of them: shorten it`
  return [{ where: part === 1 ? 'ci/' : placeOf(largest, 'matrix'), what, now }]
}

function refuse(faults: readonly Fault[]): void {
  const [first, ...others] = faults
  if (first === undefined) return
  const tail = others.slice(0, MOST_TOLD).map(({ where, what, now }) => `${where}: ${what}; ${now}`)
  if (others.length > MOST_TOLD) tail.push(`and ${others.length - MOST_TOLD} more`)
  const trouble: Trouble = { ...first, ...(tail.length > 0 && { tail }) }
  throw new TroubleError(trouble)
}
