import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { TroubleError } from '../../change/trouble.ts'
import { isForFlags } from '../flag-door/flag-door.ts'
import { isForGit } from '../vcs/git-door.ts'
import { isForIntake } from '../intake-door/intake-door.ts'
import type { QueryDoor } from '../prometheus/query-door.ts'
import { securityHeaders } from './security-headers.ts'
import { staticFiles } from './static-files.ts'

/**
 * What answers: HTTP in JSON, HTTP as clients of git speak it, streams of flags, what takes samples, and what answers plain
 * questions about them.
 */
export type Doors = Readonly<{
  api: Hono
  git: RequestListener
  flags: RequestListener
  intake: RequestListener
  queries: QueryDoor
}>

export type Place = Readonly<{
  host: string
  /** `null` takes the first free one of 7700 to 7720. */
  port: number | null
  /** The folder of the built dashboard, absolute. */
  webDir: string
}>

/** `stop` ends every connection, also those that stream, and resolves when the port is free. */
export type Serving = Readonly<{ url: string; port: number; stop: () => Promise<void> }>

export const ports = { first: 7700, last: 7720 } as const

/** Each program that follows flags has one. */
const connectionLimit = 10_000
/** How long git may need for the last words of what it is about, when the hub goes. */
const lastWordsMs = 2_000
/** How long a push may take to arrive; other bodies are small. */
const longestUploadMs = 2 * 3_600_000
const longestBodyMs = 60_000

/** Puts the API, the dashboard and the door of git on a port. Throws a TroubleError when no port can be had. */
export async function serve({ api, git, flags, intake, queries }: Doors, place: Place): Promise<Serving> {
  const site = new Hono()
  site.use(securityHeaders)
  site.use(staticFiles(place.webDir))
  site.route('/', api)
  const pages = getRequestListener(site.fetch)
  const exchanges = new Set<ServerResponse>()
  const server = createServer({ requestTimeout: longestUploadMs }, (request, response) => {
    if (isForGit(request)) {
      exchanges.add(response)
      response.once('close', () => exchanges.delete(response))
      return git(request, response)
    }
    if (isForFlags(request)) return flags(request, response)
    if (isForIntake(request)) return intake(request, response)
    limitBody(request, response)
    queries(request, response, () => void pages(request, response))
  })
  // Who asks whether to send a body is answered by the door of git once it knows who they are.
  server.on('checkContinue', (request, response) => {
    if (!isForGit(request)) response.writeContinue()
    server.emit('request', request, response)
  })
  server.maxConnections = connectionLimit
  const port = await listen(server, place)
  return { url: urlOf(place.host, port), port, stop: () => stop(server, exchanges) }
}

/** A body that nobody reads never ends: then the answer does. */
function limitBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const timer = setTimeout(() => request.destroy(), longestBodyMs)
  const done = (): void => clearTimeout(timer)
  request.once('end', done).once('close', done)
  response.once('close', done)
}

async function listen(server: Server, place: Place): Promise<number> {
  if (place.port !== null) return listenOn(server, place.host, place.port)
  for (let port: number = ports.first; port < ports.last; port += 1) {
    try {
      return await listenOn(server, place.host, port)
    } catch (thrown) {
      if (!isTaken(thrown)) throw thrown
    }
  }
  return listenOn(server, place.host, ports.last)
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) => {
      server.off('listening', listening)
      reject(portTrouble(cause, host, port))
    }
    const listening = () => {
      server.off('error', failed)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    }
    server.once('error', failed)
    server.once('listening', listening)
    server.listen({ host, port })
  })
}

const isTaken = (thrown: unknown): boolean =>
  thrown instanceof TroubleError && codeOf(thrown.cause) === 'EADDRINUSE'

const codeOf = (cause: unknown): unknown =>
  cause instanceof Error && 'code' in cause ? cause.code : undefined

function portTrouble(cause: NodeJS.ErrnoException, host: string, port: number): TroubleError {
  const trouble = { what: `cannot listen on ${host} port ${port}`, where: cause.message }
  const now =
    cause.code === 'EADDRINUSE'
      ? 'something else has this port: choose another with --port'
      : cause.code === 'EACCES'
        ? 'ports below 1024 are for root: choose one above with --port'
        : 'check --host and --port'
  return new TroubleError({ ...trouble, now }, { cause })
}

/** Pages stream until they are cut. Clients of git that are cut say that something broke, so they may end by themselves. */
async function stop(server: Server, exchanges: ReadonlySet<ServerResponse>): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
  const ends = [...exchanges].map((response) => once(response, 'close'))
  const late = new AbortController()
  await Promise.race([Promise.all(ends), pause(lastWordsMs, undefined, { signal: late.signal })])
  late.abort()
  server.closeAllConnections()
  await closed
}

/** Where a browser on this machine finds it: an address for everybody is no place to go. */
function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
