import type { CommitView, RunLine } from '../../../api/wire/code.ts'
import { type JobRun, type Outcome, type Run, waitingJob } from '../../../store/runs.ts'
import { type Script, scriptOf } from './job-scripts.ts'

/** Logs by run, job and attempt. */
export type Logs = Map<string, RunLine[]>

export const logKey = (run: string, job: string, attempt: number): string => `${run}/${job}/${attempt}`

export type JobSpec = Readonly<{ name: string; needs: readonly string[] }>

export const shopJobs: readonly JobSpec[] = [
  { name: 'lint', needs: [] },
  { name: 'test (node=22)', needs: [] },
  { name: 'test (node=24)', needs: [] },
  { name: 'build', needs: ['lint', 'test'] },
  { name: 'stories', needs: ['build'] },
]

export const infraJobs: readonly JobSpec[] = [
  { name: 'check', needs: [] },
  { name: 'plan', needs: ['check'] },
]

const release = (nth: number): string => `9c1e07${nth.toString(16).padStart(2, '0')}`.repeat(8)

type Past = Readonly<{
  number: number
  repo: string
  commit: CommitView
  ref: string
  outcome: Outcome
  jobs: readonly JobSpec[]
}>

export const runOf = ({ number, repo, commit, ref, jobs }: Omit<Past, 'outcome'>): Run => ({
  id: `r${number}`,
  repo,
  commit: commit.hash,
  tree: commit.tree,
  ref,
  subject: commit.subject,
  who: commit.author,
  door: 'git',
  orderedAt: commit.at + 1_000,
  endedAt: null,
  outcome: null,
  supersededBy: null,
  trouble: null,
  jobs: jobs.map(waitingJob),
  release: null,
})

/** A run that is over, with everything its jobs have printed. */
export function pastRun(past: Past, logs: Logs): Run {
  const run = runOf(past)
  const ended = new Map<string, JobRun>()
  for (const spec of past.jobs) {
    const needs = [...ended.values()].filter(({ name }) =>
      spec.needs.some((need) => name === need || name.startsWith(`${need} (`)),
    )
    const job = pastJob({ past, run, spec, needs }, logs)
    ended.set(job.name, job)
  }
  const jobs = [...ended.values()]
  const endedAt = Math.max(run.orderedAt, ...jobs.map((job) => job.endedAt ?? 0))
  return { ...run, jobs, endedAt, outcome: past.outcome, release: ended.get('build')?.release ?? null }
}

type OneJob = Readonly<{ past: Past; run: Run; spec: JobSpec; needs: readonly JobRun[] }>

function pastJob({ past, run, spec, needs }: OneJob, logs: Logs): JobRun {
  const outcome = outcomeOf(past, spec, needs)
  if (outcome === 'skipped' || outcome === 'cancelled')
    return { ...waitingJob(spec), status: 'over', outcome }
  const startedAt = Math.max(run.orderedAt + 40, ...needs.map((need) => need.endedAt ?? 0))
  const isFlaky = outcome === 'flaky'
  const attempt = isFlaky ? 2 : 1
  if (isFlaky) written(scriptOf(spec.name, true), startedAt, logs, logKey(run.id, spec.name, 1))
  const isFailing = outcome === 'failed'
  const { steps, endedAt } = written(
    scriptOf(spec.name, isFailing),
    startedAt,
    logs,
    logKey(run.id, spec.name, attempt),
  )
  return {
    ...waitingJob(spec),
    status: 'over',
    outcome,
    attempt,
    host: spec.name.startsWith('test') ? 'build1' : null,
    startedAt,
    endedAt,
    exit: outcome === 'lost' ? null : isFailing ? 1 : 0,
    trouble: troubleOf(outcome),
    steps,
    release: spec.name === 'build' ? release(past.number) : null,
  }
}

const troubleOf = (outcome: Outcome) =>
  outcome === 'lost'
    ? { what: 'its supervisor is gone and left no exit code', host: 'build1', now: 'run it again' }
    : outcome === 'failed'
      ? { what: 'ci/test ended with 1', exit: 1, now: 'look at the first failure in its log' }
      : null

function outcomeOf({ outcome, number }: Past, { name }: JobSpec, needs: readonly JobRun[]): Outcome {
  if (outcome === 'cancelled') return name === 'lint' ? 'passed' : 'cancelled'
  if (needs.some((need) => need.outcome !== 'passed' && need.outcome !== 'flaky')) return 'skipped'
  const isTheOne = name === (number % 2 === 0 ? 'test (node=24)' : 'test (node=22)') || name === 'check'
  return isTheOne ? outcome : 'passed'
}

/** Writes down what a script prints when it begins at a time, and when its steps were. */
function written(script: Script, startedAt: number, logs: Logs, key: string) {
  const lines: RunLine[] = []
  let ms = 0
  const steps = script.flatMap(({ step, lines: texts, ms: each }) => {
    const begun = ms
    if (step !== null) lines.push({ ms, text: `::step ${step}` })
    for (const text of texts) {
      lines.push({ ms, text })
      ms += each
    }
    return step === null ? [] : [{ name: step, startedAt: startedAt + begun, endedAt: startedAt + ms }]
  })
  logs.set(key, lines)
  return { steps, endedAt: startedAt + ms }
}
