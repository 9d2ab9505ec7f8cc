import type { Stream } from './hammer-exchanges.ts'
import type { Tally } from './hammer-tally.ts'
import { HttpConnection } from './http-connection.ts'
import type { Front } from './http-connection.ts'

export type EventsSort = Readonly<{
  fronts: readonly Front[]
  streams: number
  path: string
  silenceLimitMs: number
}>

const AFTER_FAILURE_MS = 100

/**
 * Server-sent event streams whose events carry a counter. A stream that ends at the proper end of its body is
 * opened again at once; one that breaks off, skips an event or falls silent has failed.
 */
export function eventStreams(spec: EventsSort, tally: Tally): Stream {
  const stops = Array.from({ length: spec.streams }, (_, index) => keepStreaming(spec, index, tally))
  return {
    issue: () => false,
    pending: () => 0,
    close: () => {
      for (const stop of stops) stop()
    },
  }
}

function keepStreaming(spec: EventsSort, index: number, tally: Tally): () => void {
  const front = spec.fronts[index % spec.fronts.length]
  if (!front) throw new Error('a hammer needs at least one front URL')
  const connection = new HttpConnection(front, spec.silenceLimitMs)
  const request = Buffer.from(
    `GET ${spec.path} HTTP/1.1\r\nhost: ${front.authority}\r\naccept: text/event-stream\r\n\r\n`,
  )
  let again: NodeJS.Timeout | undefined
  let firstEventMs: number | undefined
  let isClosed = false

  const open = (): void => {
    const started = performance.now()
    const counter = readCounter()
    firstEventMs = undefined
    connection.start({
      send: (socket) => void socket.write(request),
      onBody: (piece) => {
        firstEventMs ??= performance.now() - started
        counter.feed(piece)
      },
      done: (end) => {
        const cause = end.type === 'failure' ? end.cause : complaint(end.status, counter)
        const answerer = end.type === 'answer' ? { front: front.authority, release: end.release } : undefined
        if (cause === undefined) tally.succeeded('events', firstEventMs ?? 0, answerer)
        else tally.failed('events', cause, answerer)
        if (!isClosed) again = setTimeout(open, cause === undefined ? 0 : AFTER_FAILURE_MS)
      },
    })
  }

  open()
  return () => {
    isClosed = true
    clearTimeout(again)
    // A stream that is running well when the hammer stops is one that succeeded.
    if (!connection.isIdle && firstEventMs !== undefined) tally.succeeded('events', firstEventMs, undefined)
    connection.close()
  }
}

type Counter = Readonly<{ feed: (piece: Buffer) => void; complaint: () => string | undefined }>

function complaint(status: number, counter: Counter): string | undefined {
  return status === 200 ? counter.complaint() : `status ${status}`
}

// Events are blocks that end in an empty line; what stands after the last one at the end was cut off.
function readCounter(): Counter {
  let rest = ''
  let last: number | undefined
  let skipped: string | undefined
  const take = (block: string): void => {
    const count = Number(/^data: ?(\d+)$/m.exec(block)?.[1])
    if (Number.isNaN(count)) return
    if (last !== undefined && count !== last + 1) skipped ??= `event ${count} came after ${last}`
    last = count
  }
  return {
    feed: (piece) => {
      const blocks = (rest + piece.toString('utf8')).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) take(block)
    },
    complaint: () =>
      skipped ?? (rest === '' ? undefined : `ended inside an event: ${JSON.stringify(rest.slice(0, 40))}`),
  }
}
