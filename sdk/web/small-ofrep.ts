import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Edit } from '../evaluate/table.ts'
import type { Context } from '../flag/flag.ts'
import { type Flags, flagsOf } from '../flags.ts'
import { type CountsBatch, countsPath } from '../wire/messages.ts'
import { bulkPath } from './ofrep.ts'

/**
 * A hub for browsers that knows flags and nothing else: bulk answers with their ETag, an event stream, counts, CORS. It also
 * serves pages. For tests; it is not part of the package.
 */
export class SmallOfrep {
  readonly key = 'browser-key'
  readonly batches: CountsBatch[] = []
  /** The status of each bulk answer. */
  readonly answered: number[] = []
  readonly pages = new Map<string, Readonly<{ type: string; text: string }>>()
  isFailing = false
  #flags: Flags = flagsOf({ flags: {}, segments: {} })
  #port = 0
  #server: Server | null = null
  readonly #streams = new Set<ServerResponse>()

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get streams(): number {
    return this.#streams.size
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response))
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = null
    server?.close()
    server?.closeAllConnections()
    this.#streams.clear()
    if (server !== null) await once(server, 'close')
  }

  set(flags: Edit['flags']): void {
    this.#flags = flagsOf({ flags, segments: {} })
    this.say({ type: 'refetchEvaluation', lastModified: Math.floor(Date.now() / 1000) })
  }

  /** Sends an event to all pages. */
  say(event: object): void {
    for (const stream of this.#streams) stream.write(`event: message\ndata: ${JSON.stringify(event)}\n\n`)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', this.url).pathname
    const page = this.pages.get(path)
    if (page !== undefined) {
      const policy = { 'content-security-policy': "default-src 'self'; connect-src *" }
      response.writeHead(200, { 'content-type': page.type, ...policy }).end(page.text)
      return
    }
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'authorization, content-type, if-none-match')
    response.setHeader('access-control-expose-headers', 'etag')
    if (request.method === 'OPTIONS') response.writeHead(204).end()
    else if (path === '/ofrep/events') this.#stream(response)
    else if (request.headers.authorization !== `Bearer ${this.key}`) response.writeHead(401).end()
    else if (path === bulkPath) await this.#bulk(request, response)
    else if (path === countsPath) {
      this.batches.push(JSON.parse(await bodyOf(request)) as CountsBatch)
      response.writeHead(204).end()
    } else response.writeHead(404).end()
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    response.write(': here\n\n')
    this.#streams.add(response)
    response.on('close', () => this.#streams.delete(response))
  }

  async #bulk(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { context } = JSON.parse(await bodyOf(request)) as { context: Context }
    const flags = this.#flags.keys().map((key) => {
      const { value, variant, reason } = this.#flags.peek(key, context)
      return { key, value, variant, reason }
    })
    const body = JSON.stringify({ flags, eventStreams: [{ type: 'sse', url: '/ofrep/events?token=t' }] })
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
    const status = this.isFailing ? 500 : request.headers['if-none-match'] === etag ? 304 : 200
    this.answered.push(status)
    response.writeHead(status, { etag, 'content-type': 'application/json' })
    response.end(status === 200 ? body : undefined)
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}
