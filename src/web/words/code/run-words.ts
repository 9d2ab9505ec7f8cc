import type { JobRun, Outcome, Run } from '../../../store/runs.ts'
import type { Tone } from '../status-words.ts'

/** What a run or a job looks like: its outcome, or how it goes while it has none. */
export type RunLook = Outcome | 'waiting' | 'running'

export function runLookOf(run: Pick<Run, 'outcome' | 'jobs'>): RunLook {
  if (run.outcome !== null) return run.outcome
  return run.jobs.some(({ status }) => status !== 'waiting') ? 'running' : 'waiting'
}

export const jobLookOf = ({ outcome, status }: Pick<JobRun, 'outcome' | 'status'>): RunLook =>
  outcome ?? (status === 'running' ? 'running' : 'waiting')

export function runToneOf(look: RunLook): Tone {
  switch (look) {
    case 'waiting':
    case 'cancelled':
    case 'skipped':
      return 'quiet'
    case 'running':
      return 'busy'
    case 'passed':
      return 'good'
    case 'flaky':
      return 'care'
    case 'failed':
    case 'timed out':
    case 'lost':
      return 'bad'
  }
}

/** The look in one sentence, for who has not learnt the words yet. */
export function runMeaningOf(look: RunLook): string {
  switch (look) {
    case 'waiting':
      return 'waits until a builder is free, or until what it needs has passed'
    case 'running':
      return 'runs now'
    case 'passed':
      return 'everything passed'
    case 'flaky':
      return 'passed, but only when it was run once more'
    case 'failed':
      return 'something did not pass'
    case 'timed out':
      return 'took longer than it may'
    case 'cancelled':
      return 'somebody, or a newer push, has cancelled it'
    case 'skipped':
      return 'what it needs did not pass'
    case 'lost':
      return 'its supervisor is gone and left no result, twice'
  }
}
