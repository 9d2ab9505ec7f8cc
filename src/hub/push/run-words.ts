import { isGreen, type JobRun, type Run, type TestResult } from '../../store/runs.ts'
import { paintFor, tame } from '../../words/paint.ts'
import { took } from '../../words/time.ts'
import { troubleText } from '../../words/trouble.ts'
import { type Said, said } from './said.ts'

const jobsNamed = 8
const testsNamed = 10
const paint = paintFor({ hasColour: false })

/** What a run has to say to who pushed, so far, oldest first. */
export function runWords(run: Run): readonly Said[] {
  const { id, jobs, trouble } = run
  if (trouble !== null)
    return [said('end', ...troubleText(trouble, paint).split('\n'), `${id} failed: its jobs cannot be read`)]
  if (jobs.length === 0) return [said('end', `${id}: ${run.repo} has no jobs`)]
  const over = jobs.filter(({ status }) => status === 'over').toSorted(byEnd)
  const begun = [said('begun', `${id}: ${namesOf(jobs)}`), ...over.map((job) => jobWords(id, job))]
  return run.outcome === null ? begun : [...begun, said('end', endOf(run))]
}

function namesOf(jobs: readonly JobRun[]): string {
  const names = jobs.slice(0, jobsNamed).map(({ name }) => tame(name))
  const left = jobs.length - names.length
  return `${names.join(', ')}${left === 0 ? '' : ` and ${left} more`}`
}

const byEnd = (a: JobRun, b: JobRun): number => (a.endedAt ?? 0) - (b.endedAt ?? 0)

function jobWords(id: string, job: JobRun): Said {
  const { name, outcome, startedAt, endedAt } = job
  const time = startedAt === null || endedAt === null ? '' : ` (${took(endedAt - startedAt)})`
  const tailOf = outcome === 'failed' || outcome === 'timed out' ? name : null
  return {
    key: `job ${name}`,
    lines: [`${id} ${tame(name)} ${outcome ?? ''}${time}${reasonOf(job)}`],
    tailOf,
  }
}

function reasonOf({ outcome, exit, trouble }: JobRun): string {
  if (trouble !== null) return `: ${tame(trouble.what)}`
  if (outcome === 'failed' && exit !== null) return `: exit ${exit}`
  return outcome === 'flaky' ? ': it passed when it was run once more' : ''
}

function endOf({ id, outcome, orderedAt, endedAt, supersededBy }: Run): string {
  const time = `(${took((endedAt ?? orderedAt) - orderedAt)})`
  if (outcome === 'cancelled' && supersededBy !== null)
    return `${id} was stopped ${time}: ${supersededBy} is newer`
  return `${id} ${outcome ?? ''} ${time}${isGreen(outcome) ? '' : `; see \`tandem runs show ${id}\``}`
}

/** The tests that failed, each with the first line of why. */
export function failedTests(tests: readonly TestResult[]): readonly string[] {
  const failed = tests.filter(({ outcome }) => outcome === 'failed')
  const named = failed.slice(0, testsNamed).map(({ name, message }) => {
    const [why = ''] = (message ?? '').trim().split('\n')
    return `  ✗ ${tame(name)}${why === '' ? '' : `: ${tame(why)}`}`
  })
  const left = failed.length - named.length
  return left === 0 ? named : [...named, `  ✗ and ${left} more`]
}
