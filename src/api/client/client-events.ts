import { TroubleError } from '../../change/trouble.ts'
import { RefusedError } from '../refused.ts'
import { makeEventReader } from './sse.ts'
import type { HubEvent } from '../wire/wire.ts'

export type EventQuery = Readonly<{
  after: number | null
  signal: AbortSignal
  /** Told when the connection is lost and when it is back. */
  onConnection: (state: 'lost' | 'back') => void
}>

/** A newer hub may tell of more than we know. */
const told: ReadonlySet<string> = new Set([
  'entry',
  'aside',
  'log',
  'run',
  'flags',
] satisfies readonly HubEvent['type'][])

type Open = (after: number | null, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>

export const followLimits = {
  /** A plan is the longest thing in an event. */
  eventChars: 16 * 1024 * 1024,
  /** The hub pings every 15 s: a stream that is silent for three of them is dead. */
  silenceMs: 45_000,
  firstWaitMs: 250,
  longestWaitMs: 2_000,
  /** How long to try to get a lost hub back. */
  lostMs: 300_000,
} as const

/**
 * Events across broken connections: goes on after the last entry seen, waits longer each time, gives up after 5 min.
 * A hub that cannot be reached the first time, or that says no, is thrown at once.
 */
export async function* followEvents(query: EventQuery, open: Open): AsyncGenerator<HubEvent> {
  const { signal } = query
  let after = query.after
  let waitMs: number = followLimits.firstWaitMs
  let lostAt: number | null = null
  let isFirst = true
  while (!signal.aborted) {
    try {
      for await (const event of readOnce(() => open(after, signal), signal)) {
        if (lostAt !== null) query.onConnection('back')
        lostAt = null
        isFirst = false
        waitMs = followLimits.firstWaitMs
        if (event.type === 'entry') after = event.entry.seq
        if (event.type === 'aside') after = event.aside.seq
        if (event.type !== 'alive') yield event
      }
    } catch (thrown) {
      if (signal.aborted) return
      if (isFirst || isFinal(thrown) || isOverdue(lostAt)) throw thrown
    }
    if (lostAt === null && !signal.aborted) query.onConnection('lost')
    lostAt ??= Date.now()
    await pause(waitMs, signal)
    waitMs = Math.min(waitMs * 2, followLimits.longestWaitMs)
  }
}

/** A hub that says no will say no again; a hub that is away may come back; all else is a bug. */
const isFinal = (thrown: unknown): boolean =>
  thrown instanceof RefusedError ? thrown.status !== 500 : !(thrown instanceof TroubleError)

const isOverdue = (lostAt: number | null): boolean =>
  lostAt !== null && Date.now() - lostAt > followLimits.lostMs

/** One connection from its opening to its end, however it ends. `alive` = the hub has said something. */
async function* readOnce(
  open: () => Promise<ReadableStream<Uint8Array>>,
  signal: AbortSignal,
): AsyncGenerator<HubEvent | Readonly<{ type: 'alive' }>> {
  const reader = (await open()).getReader()
  const text = new TextDecoder()
  const eventsIn = makeEventReader(followLimits.eventChars)
  const stop = () => void reader.cancel().catch(() => {})
  const silence = setTimeout(stop, followLimits.silenceMs)
  signal.addEventListener('abort', stop)
  try {
    for (;;) {
      // A connection that breaks ends like one that is closed: what follows is the same.
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }) as const)
      if (done) return
      silence.refresh()
      yield { type: 'alive' }
      for (const sent of eventsIn(text.decode(value, { stream: true }))) {
        if (told.has(sent.event)) yield JSON.parse(sent.data) as HubEvent
      }
    }
  } finally {
    clearTimeout(silence)
    signal.removeEventListener('abort', stop)
    stop()
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
