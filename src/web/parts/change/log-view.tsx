import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { LogLine } from '../../../store/store.ts'
import { clockWords } from '../../words/time-words.ts'

type Log = Readonly<{ lines: readonly LogLine[]; leftOut: number }>

/** How near to the end still counts as being at the end. */
const nearPx = 24

/** What the steps print, newest last. It follows the end until somebody scrolls up. */
export function LogView({ lines, leftOut }: Log) {
  const [host, setHost] = useState<string | null>(null)
  const [isFollowing, follow] = useState(true)
  const box = useRef<HTMLDivElement>(null)
  const shown = host === null ? lines : lines.filter((line) => line.host === host)
  useLayoutEffect(() => {
    if (isFollowing && box.current !== null) box.current.scrollTop = box.current.scrollHeight
  }, [shown, isFollowing])
  return (
    <section aria-labelledby="log">
      <div class="section-head">
        <h2 id="log">Log</h2>
        <HostFilter lines={lines} host={host} onPick={setHost} />
      </div>
      <div class="log-frame">
        {/* A screen reader would drown in live lines; it reads them when the reader goes there. */}
        <div
          class="log"
          ref={box}
          role="log"
          aria-live="off"
          aria-labelledby="log"
          tabIndex={0}
          onScroll={(event) => follow(isAtEnd(event.currentTarget))}
        >
          {leftOut > 0 && <p class="quiet">{leftOut} older lines are left out here</p>}
          {shown.length === 0 && <p class="quiet">nothing printed</p>}
          {shown.map((line) => (
            <Line key={line.seq} line={line} />
          ))}
        </div>
        {!isFollowing && (
          <button type="button" class="to-end" onClick={() => follow(true)}>
            Follow the end
          </button>
        )}
      </div>
    </section>
  )
}

const isAtEnd = (box: HTMLElement): boolean => box.scrollHeight - box.scrollTop - box.clientHeight < nearPx

function Line({ line }: Readonly<{ line: LogLine }>) {
  return (
    <p class="log-line">
      <time dateTime={new Date(line.at).toISOString()}>{clockWords(line.at)}</time>
      <span class="log-host" title={line.step}>
        {line.host ?? 'hub'}
      </span>
      <span class="log-text">{line.text}</span>
    </p>
  )
}

type Filter = Readonly<{
  lines: readonly LogLine[]
  host: string | null
  onPick: (host: string | null) => void
}>

function HostFilter({ lines, host, onPick }: Filter) {
  const hosts = [...new Set(lines.flatMap((line) => line.host ?? []))].toSorted()
  if (hosts.length < 2) return null
  return (
    <label class="inline-field">
      Host
      <select value={host ?? ''} onChange={(event) => onPick(event.currentTarget.value || null)}>
        <option value="">all</option>
        {hosts.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
