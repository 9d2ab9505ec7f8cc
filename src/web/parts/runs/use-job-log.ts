import { useEffect, useState } from 'preact/hooks'
import type { Trouble } from '../../../change/trouble.ts'
import type { RunId } from '../../../store/runs.ts'
import { type Api, troubleIfRefused } from '../../api.ts'
import { emptyLog, type JobLog, withAnswer } from '../../state/code/job-log.ts'
import { useHub } from '../hub.ts'

/** How long to wait before asking a job that still prints for more. */
const restMs = 500
const longestRestMs = 3_000
/** A log that is all there comes in pages, and is drawn now and then while it does. */
const pagesAtOnce = 20

export type HeardLog = Readonly<{ log: JobLog; trouble: Trouble | null }>

/** The log of a job from its beginning, and what it prints while it is looked at. */
export function useJobLog(run: RunId, job: string, attempt: number): HeardLog {
  const { api } = useHub()
  const [heard, setHeard] = useState<HeardLog & Readonly<{ key: string }>>({
    key: '',
    log: emptyLog,
    trouble: null,
  })
  const key = `${run} ${job} ${attempt}`
  useEffect(() => {
    const left = new AbortController()
    const keep = (log: JobLog) => left.signal.aborted || setHeard({ key, log, trouble: null })
    listen({ api, run, job, attempt }, keep, left.signal).catch((thrown: unknown) => {
      const trouble = troubleIfRefused(thrown)
      if (!left.signal.aborted)
        setHeard((before) => ({ ...(before.key === key ? before : { log: emptyLog }), key, trouble }))
    })
    return () => left.abort()
  }, [api, key])
  return heard.key === key ? heard : { log: emptyLog, trouble: null }
}

type Of = Readonly<{ api: Api; run: RunId; job: string; attempt: number }>

async function listen(of: Of, keep: (log: JobLog) => void, left: AbortSignal): Promise<void> {
  let log = emptyLog
  let waitMs = restMs
  while (!left.aborted) {
    const before = log
    for (let page = 0; page < pagesAtOnce; page += 1) {
      const answer = await of.api.runLog(of.run, { job: of.job, attempt: of.attempt, from: log.next })
      log = withAnswer(log, answer)
      if (answer.isOver || answer.lines.length === 0) break
    }
    keep(log)
    if (log.isOver) return
    const isQuiet = log.next === before.next
    waitMs = isQuiet ? Math.min(waitMs * 2, longestRestMs) : restMs
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}
