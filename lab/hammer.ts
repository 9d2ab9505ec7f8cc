import { setTimeout as sleep } from 'node:timers/promises'
import { eventStreams } from './hammer-events.ts'
import { exchanges, getRequest, uploadRequest } from './hammer-exchanges.ts'
import type { Stream } from './hammer-exchanges.ts'
import { echoSockets } from './hammer-sockets.ts'
import { makeTally } from './hammer-tally.ts'
import type { HammerResult, Tally } from './hammer-tally.ts'
import type { Front } from './http-connection.ts'

type Rate = Readonly<{ perSecond: number; connections: number }>

/** How much of each sort; a sort with no connections or streams is left out. */
export type HammerLoad = Readonly<{
  get: Rate
  slow: Rate & Readonly<{ ms: number }>
  upload: Rate & Readonly<{ bytes: number; pieceGapMs: number }>
  events: Readonly<{ streams: number }>
  socket: Rate
}>

export type HammerOptions = Readonly<{
  /** Front URLs; connections are spread over them in turn. */
  urls: readonly string[]
  load?: Partial<HammerLoad>
  /** How long an exchange may be silent before it has failed. */
  silenceLimitMs?: number
}>

export type Hammer = Readonly<{
  soFar: () => HammerResult
  /** Asks for nothing more, waits for what is under way, and tells how it went. */
  stop: () => Promise<HammerResult>
}>

export const DEFAULT_LOAD: HammerLoad = {
  get: { perSecond: 1500, connections: 24 },
  slow: { perSecond: 40, connections: 24, ms: 300 },
  upload: { perSecond: 20, connections: 6, bytes: 256 * 1024, pieceGapMs: 5 },
  events: { streams: 20 },
  socket: { perSecond: 500, connections: 12 },
}

const SILENCE_LIMIT_MS = 10_000
const TICK_MS = 10
// What could not be sent for want of a free connection is forgotten after this, so a stall ends in no flood.
const BACKLOG_MS = 100

/** Hammers until the given seconds are over. */
export async function hammer(options: HammerOptions & Readonly<{ seconds: number }>): Promise<HammerResult> {
  const running = startHammer(options)
  await sleep(options.seconds * 1000)
  return running.stop()
}

export function startHammer(options: HammerOptions): Hammer {
  const load: HammerLoad = { ...DEFAULT_LOAD, ...options.load }
  const silenceLimitMs = options.silenceLimitMs ?? SILENCE_LIMIT_MS
  const tally = makeTally()
  const streams = startStreams(options.urls.map(parseFront), load, silenceLimitMs, tally)
  const stopTicking = issueSteadily(streams)
  const stop = async (): Promise<HammerResult> => {
    stopTicking()
    const deadline = performance.now() + silenceLimitMs + 1000
    while (streams.some(({ stream }) => stream.pending() > 0) && performance.now() < deadline)
      await sleep(TICK_MS)
    for (const { stream } of streams) stream.close()
    return tally.result()
  }
  return { soFar: () => tally.result(), stop }
}

type Paced = Readonly<{ stream: Stream; perSecond: number }>

function startStreams(
  fronts: readonly Front[],
  load: HammerLoad,
  silenceLimitMs: number,
  tally: Tally,
): readonly Paced[] {
  const { get, slow, upload, events, socket } = load
  const common = { fronts, silenceLimitMs }
  const getting = { ...common, sort: 'get', connections: get.connections } as const
  const waiting = { ...common, sort: 'slow', connections: slow.connections } as const
  const sending = { ...common, sort: 'upload', connections: upload.connections } as const
  const { bytes, pieceGapMs } = upload
  return [
    paced(get, exchanges({ ...getting, request: (front) => getRequest(front, '/') }, tally)),
    paced(
      slow,
      exchanges({ ...waiting, request: (front) => getRequest(front, `/slow?ms=${slow.ms}`) }, tally),
    ),
    paced(
      upload,
      exchanges(
        { ...sending, request: (front) => uploadRequest(front, '/upload', bytes, pieceGapMs) },
        tally,
      ),
    ),
    { perSecond: 0, stream: eventStreams({ ...common, streams: events.streams, path: '/events' }, tally) },
    paced(socket, echoSockets({ ...common, connections: socket.connections, path: '/ws' }, tally)),
  ]
}

function paced({ perSecond }: Rate, stream: Stream): Paced {
  return { perSecond, stream }
}

// One timer for all sorts: waking up less often, for several requests at once, is what saves processor time.
function issueSteadily(streams: readonly Paced[]): () => void {
  const owed = streams.map(() => 0)
  let last = performance.now()
  const ticking = setInterval(() => {
    const now = performance.now()
    for (const [index, { stream, perSecond }] of streams.entries()) {
      let due = Math.min(
        (owed[index] ?? 0) + (perSecond * (now - last)) / 1000,
        1 + (perSecond * BACKLOG_MS) / 1000,
      )
      while (due >= 1 && stream.issue()) due -= 1
      owed[index] = due
    }
    last = now
  }, TICK_MS)
  return () => clearInterval(ticking)
}

function parseFront(url: string): Front {
  const { protocol, hostname, port, host } = new URL(url)
  if (protocol !== 'http:') throw new Error(`the hammer speaks plain http, not ${url}`)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port), authority: host }
}
