import { setTimeout as pause } from 'node:timers/promises'
import type { JobRun, Run } from '../../store/runs.ts'
import { findPlace } from '../run/place.ts'
import { readLog } from '../supervisor/read-log.ts'
import type { ToldOf } from './in-turns.ts'

/** Tells of a run from what the queue says of it, with the log of each attempt. */
export type Show = Readonly<{
  /** The run has altered. */
  take: (run: Run) => void
  /** Resolves when all was told. */
  told: () => Promise<void>
}>

const readAgainMs = 100

/** What was told of a job, in one chain: nothing of it overtakes another. */
type Shown = { attempt: number; isOver: boolean; end: AbortController; chain: Promise<void> }

export function openShow(stateDir: string, told: ToldOf): Show {
  const shown = new Map<string, Shown>()

  /** The log of one attempt, until somebody says that it has ended. */
  async function tail(run: Run, job: JobRun, ended: AbortSignal): Promise<void> {
    told.begins(job)
    for (let from = 0; ;) {
      const isLast = ended.aborted
      const place = await findPlace(stateDir, run, { job: job.name, attempt: job.attempt })
      const { lines, next } = place === null ? { lines: [], next: from } : await readLog(place, from)
      for (const line of lines) told.line(job, line)
      if (isLast && next === from) return
      if (next === from) await pause(readAgainMs, undefined, { signal: ended }).catch(() => undefined)
      from = next
    }
  }

  function begin(run: Run, job: JobRun): Shown {
    const before = shown.get(job.name)
    const end = new AbortController()
    const chain = (before?.chain ?? Promise.resolve()).then(() => tail(run, job, end.signal))
    const one = { attempt: job.attempt, isOver: false, end, chain }
    shown.set(job.name, one)
    return one
  }

  function takeJob(run: Run, job: JobRun): void {
    const before = shown.get(job.name)
    if (before?.isOver === true) return
    if (before !== undefined && before.attempt < job.attempt && !before.end.signal.aborted) {
      before.end.abort()
      before.chain = before.chain.then(() => told.again(job))
    }
    if (job.status === 'waiting') return
    const one = before?.attempt === job.attempt ? before : begin(run, job)
    if (job.status !== 'over') return
    one.isOver = true
    one.end.abort()
    one.chain = one.chain.then(() => told.over(job))
  }

  return {
    take: (run) => {
      for (const job of run.jobs) takeJob(run, job)
    },
    told: async () => {
      await Promise.all([...shown.values()].map(({ chain }) => chain))
    },
  }
}
