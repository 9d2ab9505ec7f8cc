import type { Aside } from '../../../change/occurrence.ts'
import type { JobRun, Run, RunId } from '../../../store/runs.ts'
import type { Model } from '../model.ts'
import { numberOf } from '../reach.ts'

/** How many runs and how many asides a page keeps; the oldest go first. */
export const runLimit = 1_000
export const asideLimit = 200

/** Runs of an answer. One that was heard of meanwhile and is further stays. */
export function withRuns(model: Model, runs: readonly Run[]): Model {
  const next = new Map(model.runs)
  for (const run of runs) next.set(run.id, furtherOf(next.get(run.id), run))
  return { ...model, runs: newestOf(next) }
}

/** One run as the hub has just said it. */
export const withRun = (model: Model, run: Run): Model => ({
  ...withRuns(model, [run]),
  codeNews: model.codeNews + 1,
  said: run.outcome === null ? model.said : `${run.id} ${run.repo}: ${run.outcome}`,
})

/** The hub may repeat itself after a reconnect. */
export function withAside(model: Model, aside: Aside): Model {
  if (aside.seq <= model.seq) return model
  return {
    ...model,
    seq: aside.seq,
    hasGap: model.hasGap || aside.seq > model.seq + 1,
    asides: [...model.asides, aside].slice(-asideLimit),
    // What another system marked says nothing of code.
    ...(aside.type === 'marked' ? { markNews: model.markNews + 1 } : { codeNews: model.codeNews + 1 }),
  }
}

/** An answer can be older than what was heard while it was on its way. */
const furtherOf = (known: Run | undefined, run: Run): Run =>
  known !== undefined && progressOf(known) > progressOf(run) ? known : run

function progressOf(run: Run): number {
  if (run.endedAt !== null) return Infinity
  return run.jobs.reduce((sum, job) => sum + jobProgress(job), 0)
}

const statusOrder: Readonly<Record<JobRun['status'], number>> = { waiting: 0, running: 1, over: 2 }

const jobProgress = ({ attempt, status }: JobRun): number => (attempt - 1) * 2 + statusOrder[status]

function newestOf(runs: ReadonlyMap<RunId, Run>): ReadonlyMap<RunId, Run> {
  if (runs.size <= runLimit) return runs
  return new Map([...runs].toSorted(([a], [b]) => numberOf(b) - numberOf(a)).slice(0, runLimit))
}
