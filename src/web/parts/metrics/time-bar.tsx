import { useState } from 'preact/hooks'
import { shifted, spanChoices, usualMs, widened } from '../../state/metrics/span.ts'
import { followedWords, spanWords } from '../../words/metrics/span-words.ts'
import { TroubleView } from '../trouble-view.tsx'
import { useDesk } from './desk.ts'

/** Which time the graphs of a page show, and everything that alters it. */
export function TimeBar() {
  const { span, liveMs, follow, halt, lastWeek, setLastWeek, marks } = useDesk()
  const chosen = liveMs ?? span.toMs - span.fromMs
  const known = spanChoices.some(({ ms }) => ms === chosen)
  return (
    <>
      <div class="time-bar" role="group" aria-label="time shown">
        <select
          aria-label="how much time"
          value={String(chosen)}
          onChange={(event) => follow(Number(event.currentTarget.value))}
        >
          {!known && <option value={String(chosen)}>as picked</option>}
          {spanChoices.map(({ ms, name }) => (
            <option key={ms} value={String(ms)}>
              last {name}
            </option>
          ))}
        </select>
        <Steps />
        <button
          type="button"
          aria-pressed={liveMs !== null}
          onClick={() => (liveMs === null ? follow(knownOr(chosen)) : halt())}
        >
          Live
        </button>
        <button
          type="button"
          aria-pressed={lastWeek}
          aria-keyshortcuts="w"
          onClick={() => setLastWeek(!lastWeek)}
        >
          Last week <kbd>w</kbd>
        </button>
        <CopyLink />
        <p class="time-shown quiet" role="status">
          {liveMs === null ? spanWords(span) : `${followedWords(liveMs)}, live`}
        </p>
      </div>
      {marks.trouble !== null && <TroubleView trouble={marks.trouble} />}
      {marks.found.isCut && (
        <p class="quiet">There were more changes than are marked: pick less time to see them all.</p>
      )}
    </>
  )
}

/** Earlier, later, and more around it. */
function Steps() {
  const { span, show } = useDesk()
  return (
    <div class="joined">
      <button type="button" aria-label="earlier" title="earlier" onClick={() => show(shifted(span, -0.5))}>
        ‹
      </button>
      <button type="button" aria-label="more time" title="more time" onClick={() => show(widened(span))}>
        −
      </button>
      <button type="button" aria-label="later" title="later" onClick={() => show(shifted(span, 0.5))}>
        ›
      </button>
    </div>
  )
}

const knownOr = (ms: number): number => spanChoices.findLast((choice) => choice.ms <= ms)?.ms ?? usualMs

const shownMs = 2_000

/** The address says which time is shown, so it is the link. */
function CopyLink() {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(location.href)
    setCopied(true)
    setTimeout(() => setCopied(false), shownMs)
  }
  // Browsers give no clipboard to pages without TLS; the address can be copied from its bar.
  if (!('clipboard' in navigator)) return null
  return (
    <button type="button" onClick={() => void copy()}>
      {isCopied ? 'Copied' : 'Copy link'}
    </button>
  )
}
