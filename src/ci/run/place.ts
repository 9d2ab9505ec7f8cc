import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Claim, Run, RunId } from '../../store/runs.ts'

/** Where the folders of all jobs lie. */
export const jobsDir = (stateDir: string): string => join(stateDir, 'ci', 'jobs')

export const runDir = (stateDir: string, run: RunId): string => join(jobsDir(stateDir), run)

/** The folder of one attempt, below `jobsDir`. No two claims have the same. */
export function placeOf(run: Run, claim: Claim, attempt: number): string {
  const nth = run.jobs.findIndex(({ name }) => name === claim.job)
  return join(run.id, `${nth}.${attempt}.${claim.token}`)
}

/** The folder of an attempt of a job, of which the newest is looked for; null = there is none. */
export async function findPlace(
  stateDir: string,
  run: Run,
  asked: Readonly<{ job: string; attempt: number | null }>,
): Promise<string | null> {
  const nth = run.jobs.findIndex(({ name }) => name === asked.job)
  const names = await readdir(runDir(stateDir, run.id)).catch(() => [])
  const found = names
    .map((name) => ({ name, numbers: name.split('.').map(Number) }))
    .filter(({ numbers: [of, attempt] }) => of === nth && (asked.attempt ?? attempt) === attempt)
    .toSorted((a, b) => (a.numbers[2] ?? 0) - (b.numbers[2] ?? 0))
    .at(-1)
  return found === undefined ? null : join(runDir(stateDir, run.id), found.name)
}
