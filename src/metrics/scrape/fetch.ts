import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Outcome } from './plan.ts'

/** What Prometheus asks for, word by word: targets choose by it. */
export const acceptHeader =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,' +
  'text/plain;version=0.0.4;q=0.5,*/*;q=0.1'

export type Asking = Readonly<{
  url: string
  headers: Readonly<Record<string, string>>
  timeoutMs: number
  limitBytes: number
  version: string
}>

/** Asks over HTTP, over connections that stay open from one time to the next. */
export type Fetcher = Readonly<{ ask: (asking: Asking) => Promise<Outcome>; close: () => void }>

export function openFetcher(): Fetcher {
  const opened = new Map<Scheme, Client>()
  const clientFor = (scheme: Scheme): Client => {
    const client = opened.get(scheme) ?? openClient(scheme)
    opened.set(scheme, client)
    return client
  }
  return {
    ask: (asking) => ask(asking, clientFor),
    close: () => {
      for (const { agent } of opened.values()) agent.destroy()
    },
  }
}

type Scheme = 'http' | 'https'
type Client = Readonly<{ agent: Agent; send: (url: string, options: RequestOptions) => ClientRequest }>
type ClientFor = (scheme: Scheme) => Client

/**
 * A client of Node, fetched when something is first asked that way. It is not imported: who imports it gives a value to
 * every name it has, which loads all of `fetch` beside it, into the memory of this thread.
 */
function openClient(scheme: Scheme): Client {
  const { Agent, request } = process.getBuiltinModule(`node:${scheme}`)
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  return { agent, send: (url, options) => request(url, { ...options, agent }) }
}

/** Never throws: whatever a target does is an outcome. It is cut when its time is over or it says too much. */
async function ask(asking: Asking, clientFor: ClientFor): Promise<Outcome> {
  const late = AbortSignal.timeout(asking.timeoutMs)
  try {
    return await answerTo(asking, clientFor, late)
  } catch (thrown) {
    if (late.aborted) return { type: 'failed', why: `no answer within ${asking.timeoutMs / 1000} s` }
    return { type: 'failed', why: wordsFor(thrown) }
  }
}

async function answerTo(
  { url, headers, timeoutMs, limitBytes, version }: Asking,
  clientFor: ClientFor,
  signal: AbortSignal,
): Promise<Outcome> {
  const sent = {
    'user-agent': `tandem/${version}`,
    accept: acceptHeader,
    'accept-encoding': 'gzip',
    'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1000),
    ...headers,
  }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = clientFor(url.startsWith('https:') ? 'https' : 'http').send(url, { headers: sent, signal })
  request.on('response', resolve).on('error', reject).end()
  const response = await promise
  const refusal = refusalIn(response)
  if (refusal !== null) {
    response.destroy()
    return { type: 'failed', why: refusal }
  }
  const body = await readUpTo(response, limitBytes)
  if (body === null) return { type: 'failed', why: `more than ${limitBytes} bytes` }
  return { type: 'answered', body, contentType: response.headers['content-type'] ?? '' }
}

function refusalIn({ statusCode = 0, headers }: IncomingMessage): string | null {
  const encoding = headers['content-encoding'] ?? 'identity'
  if (statusCode >= 300 && statusCode < 400)
    return `HTTP status ${statusCode}: it is at ${headers.location ?? 'another address'}`
  if (statusCode !== 200) return `HTTP status ${statusCode}`
  if (encoding !== 'identity' && encoding !== 'gzip')
    return `it is packed in a way we did not ask for: ${encoding}`
  return null
}

/** All of it, unpacked; null as soon as it is more than that, and then no more of it is read. */
async function readUpTo(response: IncomingMessage, limitBytes: number): Promise<Uint8Array | null> {
  const isPacked = response.headers['content-encoding'] === 'gzip'
  const unpacked: Readable = isPacked ? response.pipe(createGunzip()) : response
  // A cut answer ends the stream that unpacks it as well.
  if (isPacked) response.on('error', (cut) => unpacked.destroy(cut))
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of unpacked) {
      bytes += (piece as Buffer).length
      if (bytes > limitBytes) return null
      pieces.push(piece as Buffer)
    }
    return Buffer.concat(pieces)
  } finally {
    if (!response.complete) response.destroy()
  }
}

function wordsFor(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const code: unknown = Reflect.get(thrown, 'code')
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there: the connection was refused'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'no machine has that name'
    case 'ECONNRESET':
      return 'the answer was cut off'
    default:
      return thrown.message
  }
}
