import { TroubleError } from '../../change/trouble.ts'
import { nearest } from '../../config/mistakes/nearest.ts'
import type { Job } from '../jobs/job.ts'

/** The jobs of these names, with or without their combination, and all that they need; all jobs where none is named. */
export function choose(jobs: readonly Job[], names: readonly string[]): readonly Job[] {
  if (names.length === 0) return jobs
  const wanted = new Set(names.flatMap((name) => named(jobs, name)))
  // Each job stands behind those that it needs.
  for (const { name, needs } of jobs.toReversed())
    if (wanted.has(name)) for (const need of needs) wanted.add(need)
  return jobs.filter(({ name }) => wanted.has(name))
}

function named(jobs: readonly Job[], asked: string): readonly string[] {
  const found = jobs.filter(({ name, spec }) => name === asked || spec.job === asked)
  if (found.length > 0) return found.map(({ name }) => name)
  const known = [...new Set(jobs.map(({ spec }) => spec.job))]
  const meant = nearest(asked, known)
  const now = known.length === 0 ? 'write one: `ci/test`' : `known: ${known.join(', ')}`
  throw new TroubleError({
    what: `there is no job '${asked}'`,
    where: 'ci/',
    now: meant === null ? now : `did you mean '${meant}'?`,
  })
}
