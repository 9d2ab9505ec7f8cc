import type { RunLine, RunLog } from '../../../api/wire/code.ts'
import { foldLog, type LogStep } from '../../../ci/log/fold.ts'
import { wordsIn } from './ansi.ts'

/** How many lines of a job's log a page keeps; older ones are on disk at the hub. */
export const jobLogLimit = 20_000

/** What of a log is here: `leftOut` counts the oldest lines, which the page has let go. */
export type JobLog = Readonly<{ lines: readonly RunLine[]; leftOut: number; next: number; isOver: boolean }>

export const emptyLog: JobLog = { lines: [], leftOut: 0, next: 0, isOver: false }

/** The log with one more answer of the hub. */
export function withAnswer(log: JobLog, answer: RunLog): JobLog {
  const all = answer.lines.length === 0 ? log.lines : [...log.lines, ...answer.lines]
  const surplus = Math.max(0, all.length - jobLogLimit)
  return {
    lines: surplus === 0 ? all : all.slice(surplus),
    leftOut: log.leftOut + surplus,
    next: answer.next,
    isOver: answer.isOver,
  }
}

/** The log in its steps, up to when the job ended; `null` while it runs. */
export const stepsOf = (log: JobLog, endMs: number | null): readonly LogStep[] =>
  foldLog(log.lines, log.isOver ? (endMs ?? log.lines.at(-1)?.ms ?? 0) : null)

/** A line of a log: which step it stands in, and which line of that step it is. */
export type Spot = Readonly<{ step: number; line: number }>

/** What tools print where something goes wrong, the surest first. */
const failures: readonly RegExp[] = [
  /^\s*not ok \d|^\s*[✖✗✘×] |^--- FAIL|^\s*● |^FAILED? /,
  /^\s*\w*(?:Error|Exception)(?: \[\w+\])?: |^(?:Traceback |panic: |fatal: |npm (?:ERR!|error) )|\berror(?:\[\w+\])?: |\bFAILED\b/,
]

/** Where a failed job first says so; its last line where it does not. */
export function firstFailureIn(steps: readonly LogStep[]): Spot | null {
  for (const pattern of failures) {
    for (const [step, { lines }] of steps.entries()) {
      const line = lines.findIndex(({ text }) => pattern.test(wordsIn(text)))
      if (line >= 0) return { step, line }
    }
  }
  const step = steps.findLastIndex(({ lines }) => lines.length > 0)
  return step === -1 ? null : { step, line: (steps[step]?.lines.length ?? 1) - 1 }
}
