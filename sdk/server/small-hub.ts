import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Edit } from '../evaluate/table.ts'
import { type CountsBatch, countsPath, setPath, streamPath } from '../wire/messages.ts'

/** What goes wrong with the answers to one path. */
export type Fault = 'none' | 'hangs' | 'fails' | 'is gone' | 'answers and is cut'

/**
 * A hub that knows flags and nothing else, in memory: it speaks docs/formats/flag-stream.md over real sockets, and errs
 * as it is told. For tests and benches; it is not part of the package.
 */
export class SmallHub {
  readonly key = 'server-key'
  readonly pingMs: number
  /** Every batch that arrived, as often as it did. */
  readonly batches: CountsBatch[] = []
  readonly faults = { stream: 'none' as Fault, set: 'none' as Fault, counts: 'none' as Fault }
  /** What streams began from, in the order they were opened: the rev of the client, or null. */
  readonly openedFrom: (string | null)[] = []
  #all: Edit = { flags: {}, segments: {} }
  #number = 0
  #server: Server | null = null
  #port = 0
  readonly #sockets = new Set<Socket>()
  readonly #streams = new Set<ServerResponse>()
  #pings: NodeJS.Timeout | null = null

  constructor(pingMs = 100) {
    this.pingMs = pingMs
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get rev(): string {
    return `rev-${this.#number}`
  }

  get streams(): number {
    return this.#streams.size
  }

  /** Listens, on the same port as before. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response))
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => {})
    })
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
    this.resume()
  }

  /** Ends as a killed process does: every connection is reset. */
  async kill(): Promise<void> {
    this.silence()
    const server = this.#server
    this.#server = null
    for (const socket of this.#sockets) socket.resetAndDestroy()
    this.#streams.clear()
    if (server === null) return
    server.close()
    await once(server, 'close')
  }

  /** Pings no more, and keeps the connections. */
  silence(): void {
    if (this.#pings !== null) clearInterval(this.#pings)
    this.#pings = null
  }

  resume(): void {
    this.silence()
    this.#pings = setInterval(() => this.ping(this.rev), this.pingMs)
  }

  ping(rev: string): void {
    this.#broadcast('ping', { rev, pingMs: this.pingMs })
  }

  /** Changes flags and tells it to those who follow, unless it is to be lost on the way; null takes one away. */
  edit(
    flags: Edit['flags'],
    options: Readonly<{ segments?: Edit['segments']; isLost?: boolean }> = {},
  ): void {
    const prev = this.rev
    const segments = options.segments ?? {}
    this.#number += 1
    this.#all = { flags: merged(this.#all.flags, flags), segments: merged(this.#all.segments, segments) }
    if (options.isLost !== true) this.#broadcast('delta', { rev: this.rev, prev, flags, segments })
  }

  /** Sends the first half of an event to all who follow, then cuts them off. */
  cutMidway(flags: Edit['flags']): void {
    const event = eventText('delta', { rev: 'rev-torn', prev: this.rev, flags, segments: {} })
    for (const stream of this.#streams) {
      stream.write(event.slice(0, event.length / 2))
      setTimeout(() => stream.destroy(), 10)
    }
  }

  /** What may be told to nobody: bytes as they are. */
  write(text: string): void {
    for (const stream of this.#streams) stream.write(text)
  }

  #broadcast(event: string, data: object): void {
    const text = eventText(event, data)
    for (const stream of this.#streams) stream.write(text)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.authorization !== `Bearer ${this.key}`) return plain(response, 401)
    switch (request.url ?? '') {
      case streamPath:
        return this.#with(this.faults.stream, response, () => this.#stream(request, response))
      case setPath:
        return this.#with(this.faults.set, response, () => this.#set(request, response))
      case countsPath: {
        const batch = JSON.parse(await bodyOf(request)) as CountsBatch
        return this.#with(this.faults.counts, response, () => {
          this.batches.push(batch)
          if (this.faults.counts === 'answers and is cut') response.socket?.destroy()
          else plain(response, 204)
        })
      }
      default:
        return plain(response, 404)
    }
  }

  #with(fault: Fault, response: ServerResponse, answer: () => void): void {
    switch (fault) {
      case 'hangs':
        return
      case 'fails':
        return plain(response, 500)
      case 'is gone':
        return plain(response, 400)
      case 'none':
      case 'answers and is cut':
        return answer()
    }
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    const from = request.headers['last-event-id']
    this.openedFrom.push(typeof from === 'string' ? from : null)
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
    })
    const first = from === this.rev ? eventText('ping', this.#head()) : eventText('full', this.#full())
    response.write(first)
    this.#streams.add(response)
    response.on('close', () => this.#streams.delete(response))
    response.on('error', () => {})
  }

  #set(request: IncomingMessage, response: ServerResponse): void {
    const etag = `"${this.rev}"`
    if (request.headers['if-none-match'] === etag) return plain(response, 304)
    response.writeHead(200, { 'content-type': 'application/json', etag })
    response.end(JSON.stringify(this.#full()))
  }

  #head(): object {
    return { rev: this.rev, pingMs: this.pingMs }
  }

  #full(): object {
    return { ...this.#head(), environment: 'production', ...this.#all }
  }
}

function merged(all: Edit['flags'], edit: Edit['flags']): Edit['flags'] {
  return Object.fromEntries(Object.entries({ ...all, ...edit }).filter(([, value]) => value !== null))
}

function eventText(event: string, data: object): string {
  const rev = 'rev' in data ? `id: ${String(data.rev)}\n` : ''
  return `event: ${event}\n${rev}data: ${JSON.stringify(data)}\n\n`
}

function plain(response: ServerResponse, status: number): void {
  response.writeHead(status).end()
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}
