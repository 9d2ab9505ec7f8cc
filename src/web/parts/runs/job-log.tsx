import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { LogStep } from '../../../ci/log/fold.ts'
import type { JobRun, RunId } from '../../../store/runs.ts'
import { firstFailureIn, type JobLog as JobLogLines, type Spot, stepsOf } from '../../state/code/job-log.ts'
import { runAddress } from '../../state/code/route.ts'
import { useHub } from '../hub.ts'
import { TroubleView } from '../trouble-view.tsx'
import { LogStepView } from './log-step.tsx'
import { useJobLog } from './use-job-log.ts'

type Log = Readonly<{ run: RunId; job: JobRun; attempt: number }>

/** How near to the end still counts as being at the end. */
const nearPx = 32

/** What a job printed, in steps that fold; it follows the end while the job runs, until somebody scrolls up. */
export function JobLog({ run, job, attempt }: Log) {
  const { log, trouble } = useJobLog(run, job.name, attempt)
  const isRunning = attempt === job.attempt && job.status === 'running'
  const [isFollowing, follow] = useState(isRunning)
  const [spot, jump] = useState<Spot | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const endMs = job.startedAt === null || job.endedAt === null ? null : job.endedAt - job.startedAt
  const steps = useMemo(() => stepsOf(log, endMs), [log, endMs])
  const hasFailed = attempt < job.attempt || isFailure(job)
  const failure = useMemo(() => (hasFailed && log.isOver ? firstFailureIn(steps) : null), [steps, hasFailed])
  useLayoutEffect(() => {
    if (isFollowing && box.current !== null) box.current.scrollTop = box.current.scrollHeight
  }, [steps, isFollowing])
  return (
    <section aria-labelledby="log">
      <div class="section-head">
        <h2 id="log">Log of {job.name}</h2>
        <div class="actions">
          {failure !== null && (
            <button type="button" onClick={() => jump({ ...failure })}>
              First failure
            </button>
          )}
          <Attempts run={run} job={job} attempt={attempt} />
        </div>
      </div>
      {trouble !== null && <TroubleView trouble={trouble} />}
      <div class="log-frame">
        {/* A screen reader would drown in live lines; it reads them when the reader goes there. */}
        <div
          class="log job-log"
          ref={box}
          role="log"
          aria-live="off"
          aria-labelledby="log"
          tabIndex={0}
          onScroll={(event) => isRunning && follow(isAtEnd(event.currentTarget))}
        >
          <Missing log={log} isBegun={job.status !== 'waiting'} />
          {steps.map((step, nth) => (
            <LogStepView
              key={nth}
              step={step}
              startedAt={job.startedAt}
              isOpenAtFirst={isOpen(steps, nth, { isRunning, failure })}
              failure={failure?.step === nth ? failure.line : null}
              jumpTo={spot?.step === nth ? spot : null}
            />
          ))}
        </div>
        {isRunning && !isFollowing && (
          <button type="button" class="to-end" onClick={() => follow(true)}>
            Follow the end
          </button>
        )}
      </div>
    </section>
  )
}

type Gap = Readonly<{ log: JobLogLines; isBegun: boolean }>

/** Why there are no lines, or not all. */
function Missing({ log, isBegun }: Gap) {
  if (log.leftOut > 0)
    return <p class="quiet">{log.leftOut.toLocaleString('en-GB')} older lines are left out here</p>
  if (log.lines.length > 0) return null
  return (
    <p class="quiet">
      {log.isOver ? 'nothing printed' : isBegun ? 'nothing printed yet' : 'it has not begun'}
    </p>
  )
}

const isFailure = ({ outcome }: JobRun): boolean =>
  outcome === 'failed' || outcome === 'timed out' || outcome === 'lost'

const isAtEnd = (box: HTMLElement): boolean => box.scrollHeight - box.scrollTop - box.clientHeight < nearPx

type Known = Readonly<{ isRunning: boolean; failure: Spot | null }>

/** What somebody came to read stands open: where it failed, where it is now, or all there is. */
function isOpen(steps: readonly LogStep[], nth: number, { isRunning, failure }: Known): boolean {
  if (steps[nth]?.name === null || steps.length === 1) return true
  if (failure !== null) return failure.step === nth
  return isRunning && nth === steps.length - 1
}

/** A job that was run once more has two logs. */
function Attempts({ run, job, attempt }: Log) {
  const { go } = useHub()
  if (job.attempt < 2) return null
  return (
    <label class="inline-field">
      Try
      <select
        value={attempt}
        onChange={(event) => go(runAddress(run, job.name, Number(event.currentTarget.value)), 'replace')}
      >
        {Array.from({ length: job.attempt }, (_, nth) => (
          <option key={nth} value={nth + 1}>
            {nth + 1}
          </option>
        ))}
      </select>
    </label>
  )
}
