import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { RunLine } from '../../../api/wire/code.ts'
import type { LogStep } from '../../../ci/log/fold.ts'
import { spansOf } from '../../state/code/ansi.ts'
import type { Spot } from '../../state/code/job-log.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { tookWords } from '../../words/time-words.ts'
import { SpanTime } from './span-time.tsx'

type Step = Readonly<{
  step: LogStep
  /** When its job began. */
  startedAt: number | null
  isOpenAtFirst: boolean
  /** The line where it went wrong. */
  failure: number | null
  /** Asks to be opened and scrolled to. A new object asks anew. */
  jumpTo: Spot | null
}>

/** So many lines of a step are drawn; the newest are what people read. */
const mostLines = 1_000

/** One step of a log: its name, how long it took, and, while it is open, what it printed. */
export function LogStepView({ step, startedAt, isOpenAtFirst, failure, jumpTo }: Step) {
  const [chosen, choose] = useState<boolean | null>(null)
  const [from, reach] = useState<number | null>(null)
  const target = useRef<HTMLParagraphElement>(null)
  const isOpen = chosen ?? isOpenAtFirst
  const first = from ?? firstShown(step.lines.length, failure)
  useEffect(() => {
    if (jumpTo !== null) choose(true)
  }, [jumpTo])
  useEffect(() => {
    if (isOpen && jumpTo !== null) target.current?.scrollIntoView({ block: 'center' })
  }, [jumpTo, isOpen])
  const lines = isOpen && (
    <>
      {first > 0 && (
        <p class="log-more">
          <button type="button" onClick={() => reach(Math.max(0, first - mostLines))}>
            Show {Math.min(first, mostLines).toLocaleString('en-GB')} earlier lines
          </button>
        </p>
      )}
      {step.lines.slice(first).map((line, nth) => (
        <Line key={first + nth} line={line} place={failure === first + nth ? target : null} />
      ))}
    </>
  )
  if (step.name === null) return <div class="log-step">{lines}</div>
  return (
    <details class="log-step" open={isOpen}>
      <summary
        onClick={(event) => {
          // The browser would open it by itself; what is open is said by us alone.
          event.preventDefault()
          choose(!isOpen)
        }}
      >
        <span class="log-step-name">{plainText(step.name)}</span>
        <span class="log-step-took">
          {startedAt === null || step.endMs !== null ? (
            tookWords((step.endMs ?? step.startMs) - step.startMs)
          ) : (
            <SpanTime from={startedAt + step.startMs} to={null} />
          )}
        </span>
      </summary>
      {lines}
    </details>
  )
}

/** The end of a long step is shown, or what stands around its failure. */
function firstShown(lines: number, failure: number | null): number {
  const atEnd = Math.max(0, lines - mostLines)
  return failure === null ? atEnd : Math.max(0, Math.min(atEnd, failure - 50))
}

type OneLine = Readonly<{ line: RunLine; place: { current: HTMLParagraphElement | null } | null }>

/** A line is drawn once, however often the log around it grows. */
function Line({ line, place }: OneLine) {
  return useMemo(
    () => (
      <p class={place === null ? 'job-line' : 'job-line job-line-bad'} ref={place}>
        {spansOf(line.text).map(({ text, look }, nth) => (
          <span key={nth} class={look}>
            {text}
          </span>
        ))}
      </p>
    ),
    [line, place],
  )
}
