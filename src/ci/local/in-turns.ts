import type { RunLine } from '../../api/wire/code.ts'
import type { JobRun } from '../../store/runs.ts'

/** What is told of jobs, one after the other although they run beside each other. */
export type Told = Readonly<{
  begins: (job: string) => void
  line: (line: RunLine) => void
  /** It failed, and begins once more. */
  again: (job: JobRun) => void
  over: (job: JobRun) => void
  /** It did not pass, and will be told in full when its turn comes. */
  ahead: (job: JobRun) => void
}>

/** The same, of whichever job. */
export type ToldOf = Readonly<{
  begins: (job: JobRun) => void
  line: (job: JobRun, line: RunLine) => void
  again: (job: JobRun) => void
  over: (job: JobRun) => void
}>

/** Tells of one job at a time as it goes on, and keeps what others say until their turn: in the order they began. */
export function inTurns(told: Told, isGood: (job: JobRun) => boolean): ToldOf {
  const waiting = new Map<string, (() => void)[]>()
  const ended = new Set<string>()

  function tell({ name }: JobRun, what: () => void): void {
    const [live = name] = waiting.keys()
    if (live === name) what()
    const kept = waiting.get(name) ?? []
    waiting.set(name, kept)
    if (live !== name) kept.push(what)
  }

  /** The turn goes on to the next, and past those that are over already. */
  function pass(): void {
    for (const [name, kept] of waiting) {
      for (const what of kept.splice(0)) what()
      if (!ended.has(name)) return
      waiting.delete(name)
    }
  }

  return {
    begins: (job) => tell(job, () => told.begins(job.attempt === 1 ? job.name : `${job.name}, once more`)),
    line: (job, line) => tell(job, () => told.line(line)),
    again: (job) => tell(job, () => told.again(job)),
    over: (job) => {
      tell(job, () => told.over(job))
      ended.add(job.name)
      const [live] = waiting.keys()
      if (live === job.name) pass()
      else if (!isGood(job)) told.ahead(job)
    },
  }
}
