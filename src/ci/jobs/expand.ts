import type { JobConfig } from '../../config/repo/repo.ts'
import { BUILD, type Job, type JobSpec, type SaidJob } from './job.ts'

/** How many jobs a matrix makes. */
export const combinationsOf = (matrix: JobConfig['matrix']): number =>
  Object.values(matrix).reduce((product, values) => product * values.length, 1)

/** One job for each combination of a matrix: `test (node=24)`. Who needs `test` needs all of them. */
export function expand(said: readonly SaidJob[]): readonly Job[] {
  const named = new Map(said.map((job) => [job.name, combinations(job.config.matrix)]))
  const build = said.find(({ name }) => name === BUILD) ?? null
  return said.flatMap((job) =>
    (named.get(job.name) ?? []).map((matrix) => ({
      name: nameOf(job.name, matrix),
      needs: [...new Set(job.config.needs)].flatMap((need) =>
        (named.get(need) ?? []).map((combination) => nameOf(need, combination)),
      ),
      spec: specOf(job, matrix, build),
    })),
  )
}

type Combination = Readonly<Record<string, string>>

function combinations(matrix: JobConfig['matrix']): readonly Combination[] {
  return Object.entries(matrix).reduce<readonly Combination[]>(
    (some, [name, values]) => some.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  )
}

function nameOf(job: string, matrix: Combination): string {
  const words = Object.entries(matrix).map(([name, value]) => `${name}=${value}`)
  return words.length === 0 ? job : `${job} (${words.join(', ')})`
}

function specOf(job: SaidJob, matrix: Combination, build: SaidJob | null): JobSpec {
  const { needs, matrix: _, ...config } = job.config
  const artifact =
    job === build
      ? ({ part: 'makes' } as const)
      : build !== null && needs.includes(BUILD)
        ? ({ part: 'gets', at: build.config.output } as const)
        : null
  return { ...config, job: job.name, matrix, from: job.from, artifact }
}
