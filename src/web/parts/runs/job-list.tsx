import type { JobRun, Run } from '../../../store/runs.ts'
import { barOf, inOrder, matrixOf } from '../../state/code/jobs.ts'
import { runAddress } from '../../state/code/route.ts'
import { jobLookOf, runMeaningOf, runToneOf } from '../../words/code/run-words.ts'
import { Link } from '../link.tsx'
import { useNow } from '../now.tsx'
import { RunShape } from './run-shape.tsx'
import { SpanTime } from './span-time.tsx'

type Jobs = Readonly<{ run: Run; shown: string | null }>

/** The jobs of a run, those that are needed above those that need them, each where in time it ran. */
export function JobList({ run, shown }: Jobs) {
  const now = useNow()
  return (
    <ol class="jobs" aria-label={`jobs of ${run.id}`}>
      {inOrder(run.jobs).map((job) => (
        <JobRow key={job.name} run={run} job={job} isShown={job.name === shown} now={now} />
      ))}
    </ol>
  )
}

type Row = Readonly<{ run: Run; job: JobRun; isShown: boolean; now: number }>

function JobRow({ run, job, isShown, now }: Row) {
  const look = jobLookOf(job)
  const { job: name, matrix } = matrixOf(job.name)
  const bar = barOf(job, run, now)
  return (
    <li class={`job tone-${runToneOf(look)} ${isShown ? 'job-shown' : ''}`}>
      <p class="job-name">
        <RunShape look={look} />
        <Link to={runAddress(run.id, job.name)} class="row-link" isCurrent={isShown}>
          {name}
          {matrix !== null && <span class="job-matrix"> {matrix}</span>}
        </Link>
        {job.attempt > 1 && <span class="tag">{job.attempt}nd try</span>}
        {job.needs.length > 0 && <span class="quiet job-needs">after {job.needs.join(', ')}</span>}
      </p>
      <span class="job-bar" aria-hidden="true">
        {bar !== null && <span style={{ left: `${bar.from}%`, width: `${bar.width}%` }} />}
      </span>
      <p class="job-state" title={runMeaningOf(look)}>
        <span class="state-word">{look}</span> <SpanTime from={job.startedAt} to={job.endedAt} />
      </p>
    </li>
  )
}
