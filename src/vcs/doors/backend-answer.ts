import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'

/** A `git http-backend` that runs for one request. */
export type Backend = Readonly<{
  input: Writable
  output: Readable
  /** What it said beside its answer. */
  said: () => string
  ended: Promise<void>
  /** Closes its input, and ends it for good when it has not ended by itself after this long. */
  end: (graceMs: number) => void
}>

const mostHeadBytes = 16 * 1024
/** How much of a body that nobody wants any more is read, so that the client reads why before it is cut off. */
const drained = { bytes: 64 * 1024 * 1024, ms: 15_000 } as const

/** Headers that git sends; nothing else of what stands there goes out. */
const passedOn: ReadonlySet<string> = new Set(['content-type', 'cache-control', 'expires', 'pragma'])

/** Hands the answer of a backend on: a head of CGI, then bytes, as fast as the client reads. Never rejects. */
export async function relayAnswer(
  backend: Backend,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const head = await readHead(backend.output)
  if (head === null) {
    await backend.ended
    backend.input.destroy()
    if (!response.destroyed) fail(response, backend.said())
    return
  }
  response.writeHead(head.status, { ...head.headers, 'x-content-type-options': 'nosniff' })
  response.write(head.rest)
  await handOn(backend.output, response)
  if (!response.destroyed) await letUploadEnd(request, response)
  if (!response.destroyed) response.end()
  await backend.ended
}

/**
 * Resolves when all is handed on, or who asked has left: the door ends what runs for them. What git still says is read
 * then: it does not take away what it has begun when a signal ends it, and nobody reading is such a signal.
 */
async function handOn(output: Readable, response: ServerResponse): Promise<void> {
  output.pipe(response, { end: false })
  await new Promise<void>((resolve) => {
    const over = (): void => resolve()
    output.once('end', over).once('close', over).once('error', over)
    response.once('close', over).once('error', over)
    if (response.destroyed || output.readableEnded) over()
  })
  output.unpipe(response)
  output.resume()
}

/**
 * Git has said all it has to say, perhaps before it has read all: a push that is too large is refused in its middle. A
 * client that is cut off then shows a broken connection instead of the refusal.
 */
async function letUploadEnd(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.complete) return
  response.shouldKeepAlive = false
  let bytes = 0
  request.unpipe()
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > drained.bytes) request.destroy()
  })
  request.resume()
  const timer = setTimeout(() => request.destroy(), drained.ms)
  await finished(request, { writable: false }).catch(() => undefined)
  clearTimeout(timer)
}

type Head = Readonly<{ status: number; headers: Readonly<Record<string, string>>; rest: Buffer }>

/** The head of the answer; null when there is none that can be used. */
async function readHead(output: Readable): Promise<Head | null> {
  let text = Buffer.alloc(0)
  while (text.length <= mostHeadBytes) {
    const chunk = await nextChunk(output)
    if (chunk === null) return null
    text = Buffer.concat([text, chunk])
    const end = text.indexOf('\r\n\r\n')
    if (end !== -1)
      return { ...headIn(text.subarray(0, end).toString('latin1')), rest: text.subarray(end + 4) }
  }
  output.resume()
  return null
}

function nextChunk(output: Readable): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const settle = (chunk: Buffer | null): void => {
      output.off('readable', look).off('end', none).off('close', none).off('error', none)
      resolve(chunk)
    }
    const look = (): void => {
      const chunk = output.read() as Buffer | null
      if (chunk !== null) settle(chunk)
    }
    const none = (): void => settle(null)
    output.on('readable', look).on('end', none).on('close', none).on('error', none)
    look()
  })
}

function headIn(text: string): Pick<Head, 'status' | 'headers'> {
  const lines = text.split('\r\n').map((line) => /^([A-Za-z-]+): *(.*)$/.exec(line))
  const pairs = lines.flatMap((found) =>
    found === null ? [] : [[(found[1] ?? '').toLowerCase(), found[2] ?? '']],
  )
  const all = Object.fromEntries(pairs) as Record<string, string>
  const status = Number(/^\d{3}/.exec(all['status'] ?? '200')?.[0] ?? 500)
  return { status, headers: Object.fromEntries(Object.entries(all).filter(([name]) => passedOn.has(name))) }
}

function fail(response: ServerResponse, said: string): void {
  response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
  response.end(`git could not answer: ${said.trim().split('\n').at(-1) ?? ''}\n`)
}
