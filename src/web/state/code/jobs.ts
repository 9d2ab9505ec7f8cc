import type { JobRun, Run } from '../../../store/runs.ts'

/** Jobs after those that they need; among equals, in the order of the run. */
export function inOrder(jobs: readonly JobRun[]): readonly JobRun[] {
  const depths = new Map<string, number>()
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const depthOf = (job: JobRun, trail: readonly string[]): number => {
    const known = depths.get(job.name)
    if (known !== undefined || trail.includes(job.name)) return known ?? 0
    const needs = job.needs.flatMap((name) => named(byName, name))
    const depth = Math.max(-1, ...needs.map((need) => depthOf(need, [...trail, job.name]))) + 1
    depths.set(job.name, depth)
    return depth
  }
  return jobs
    .map((job) => ({ job, depth: depthOf(job, []) }))
    .toSorted((a, b) => a.depth - b.depth)
    .map(({ job }) => job)
}

/** A need names a job, which a matrix may have made many of: `test` is `test (node=22)` and `test (node=24)`. */
function named(jobs: ReadonlyMap<string, JobRun>, name: string): readonly JobRun[] {
  const one = jobs.get(name)
  return one === undefined ? [...jobs.values()].filter((job) => job.name.startsWith(`${name} (`)) : [one]
}

/** `test (node=24)` -> its name and what the matrix gave it. */
export function matrixOf(name: string): Readonly<{ job: string; matrix: string | null }> {
  const [, job = name, matrix] = /^(.+) \((.+)\)$/.exec(name) ?? []
  return { job, matrix: matrix ?? null }
}

/** The job that somebody who opens a run wants to see: what failed first, else what runs, else the last. */
export function jobToShow(run: Run): JobRun | null {
  const ordered = inOrder(run.jobs)
  return (
    ordered.find(({ outcome }) => outcome === 'failed' || outcome === 'timed out' || outcome === 'lost') ??
    ordered.find(({ status }) => status === 'running') ??
    ordered.findLast(({ startedAt }) => startedAt !== null) ??
    null
  )
}

/** Where the bar of a job lies in its run, in percent of how long the run took so far. */
export function barOf(job: JobRun, run: Run, now: number): Readonly<{ from: number; width: number }> | null {
  if (job.startedAt === null) return null
  const start = Math.min(...run.jobs.flatMap(({ startedAt }) => startedAt ?? []))
  const end = Math.max(start + 1, run.endedAt ?? now)
  const percent = (at: number) => Math.min(100, Math.max(0, ((at - start) / (end - start)) * 100))
  const from = percent(job.startedAt)
  return { from, width: Math.max(0.5, percent(job.endedAt ?? now) - from) }
}
