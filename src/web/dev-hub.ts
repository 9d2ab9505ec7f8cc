import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Me } from '../api/wire/wire.ts'
import { isFilePath } from '../api/serve/static-files.ts'
import { TroubleError } from '../change/trouble.ts'
import { makePlayHub, type PlayHub } from './dev-hub/hub.ts'
import { prometheusRoute } from './dev-hub/metrics/routes.ts'
import { type Asked, routes } from './dev-hub/routes.ts'

/** A hub to look at the dashboard with: it serves the built pages and the wire's routes, and plays deploys. */
export type DevHub = Readonly<{
  url: string
  hub: PlayHub
  /** Breaks every event stream, as a network does. */
  cut: () => void
  /** Ends every session, as an expired token does. */
  expire: () => void
  close: () => Promise<void>
}>

export type DevHubWish = Readonly<{ webDir: string; port: number; paceMs: number; changes: number }>

/** The tokens that sign in, and who they are. */
export const tokens: Readonly<Record<string, Me>> = {
  'tandem-dev': { name: 'ada', may: 'everything' },
  'tandem-look': { name: 'visitor', may: 'look' },
}

const bodyLimit = 1024 * 1024

export async function startDevHub({ webDir, port, paceMs, changes }: DevHubWish): Promise<DevHub> {
  const hub = await makePlayHub({ paceMs, changes })
  const sessions = new Map<string, Me>()
  const streams = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    answer({ hub, sessions, streams, webDir }, request, response).catch((thrown: unknown) =>
      refuse(response, thrown),
    )
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const cut = () => streams.forEach((stream) => stream.destroy())
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    hub,
    cut,
    expire: () => sessions.clear(),
    close: async () => {
      hub.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type World = Readonly<{
  hub: PlayHub
  sessions: Map<string, Me>
  streams: Set<ServerResponse>
  webDir: string
}>

async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // The same policy as the hub's, so that what it would refuse is seen here first.
  response.setHeader('content-security-policy', "default-src 'self'; frame-ancestors 'none'")
  const url = new URL(request.url ?? '/', 'http://hub')
  if (!url.pathname.startsWith('/api/')) return serveFile(world.webDir, url.pathname, response)
  if (request.method !== 'GET' && request.headers['x-tandem'] !== '1')
    return send(response, 403, { trouble: { what: 'the header x-tandem is missing', now: 'send it' } })
  const body = await readBody(request)
  if (url.pathname === '/api/session') return session(world, request, response, body)
  const me = world.sessions.get(sessionIn(request))
  if (me === undefined)
    return send(response, 401, { trouble: { what: 'you are not signed in', now: 'sign in' } })
  if (url.pathname === '/api/events') return stream(world, Number(url.searchParams.get('after')), response)
  if (url.pathname.startsWith('/api/v1/')) {
    const { status, contentType, body: bytes } = await prometheusRoute(url.pathname, url.searchParams)
    return void response.writeHead(status, { 'content-type': contentType }).end(bytes)
  }
  const asked: Asked = {
    hub: world.hub,
    me,
    query: url.searchParams,
    body,
    parts: url.pathname.split('/').slice(2),
  }
  send(response, 200, routes(`${request.method} ${url.pathname.replace(/\/c\d+/, '/:id')}`, asked))
}

function session(world: World, request: IncomingMessage, response: ServerResponse, body: unknown): void {
  if (request.method === 'DELETE') {
    world.sessions.delete(sessionIn(request))
    return send(response, 200, { ok: true })
  }
  const { token } = body as { token: string }
  const me = tokens[token]
  if (me === undefined)
    return send(response, 401, {
      trouble: { what: 'nobody has this token', now: 'ask for a new one: `tandem token new`' },
    })
  const id = randomUUID()
  world.sessions.set(id, me)
  response.setHeader('set-cookie', `tandem_session=${id}; HttpOnly; SameSite=Strict; Path=/`)
  send(response, 200, me)
}

const sessionIn = (request: IncomingMessage): string =>
  /tandem_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''

function stream({ hub, streams }: World, after: number, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  streams.add(response)
  const write = (event: string, seq: number, data: unknown) =>
    response.write(`event: ${event}\nid: ${seq}\ndata: ${JSON.stringify(data)}\n\n`)
  response.write('event: ping\ndata: {}\n\n')
  const missed = [...hub.ledger.entries, ...hub.ledger.asides].filter(({ seq }) => seq > after)
  for (const line of missed.toSorted((a, b) => a.seq - b.seq))
    if (line.change === null) write('aside', line.seq, { type: 'aside', aside: line })
    else write('entry', line.seq, { type: 'entry', entry: line, change: hub.ledger.view(line.change) })
  const pings = setInterval(() => response.write('event: ping\ndata: {}\n\n'), 15_000)
  const leave = hub.ledger.subscribe((event) => write(event.type, hub.ledger.seq(), event))
  response.on('close', () => {
    clearInterval(pings)
    leave()
    streams.delete(response)
  })
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > bodyLimit) throw new TroubleError({ what: 'the body is too long', now: 'send less' })
  }
  return text === '' ? {} : JSON.parse(text)
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

async function serveFile(webDir: string, path: string, response: ServerResponse): Promise<void> {
  const name = isFilePath(path) ? normalize(path) : 'index.html'
  const bytes = await readFile(join(webDir, name)).catch(() => null)
  if (bytes === null) return void response.writeHead(404).end()
  response.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' }).end(bytes)
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

function refuse(response: ServerResponse, thrown: unknown): void {
  if (!(thrown instanceof TroubleError)) throw thrown
  send(response, 400, { trouble: thrown.trouble })
}

if (import.meta.main) {
  const webDir = fileURLToPath(new URL('../../build/web', import.meta.url))
  const { url } = await startDevHub({ webDir, port: 7700, paceMs: 250, changes: 70 })
  process.stdout.write(`look at ${url}/login#token=tandem-dev\n`)
}
