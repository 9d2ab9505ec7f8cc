import type { Outcome } from '../../store/runs.ts'
import type { Tone } from '../../words/paint.ts'

/** The colour of how a run or a job ended, null while it goes on; the word stands beside it. */
export function outcomeTone(outcome: Outcome | null): Tone {
  switch (outcome) {
    case null:
      return 'link'
    case 'passed':
      return 'good'
    case 'flaky':
      return 'care'
    case 'cancelled':
    case 'skipped':
      return 'dim'
    case 'failed':
    case 'timed out':
    case 'lost':
      return 'bad'
  }
}
