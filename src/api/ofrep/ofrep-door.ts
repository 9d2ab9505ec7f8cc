import { hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { admit, type Admitted, type Door, pathIn, type Refused, safeHeaders } from '../flag-door/admit.ts'
import { allowPages, programBody } from '../flag-door/program-body.ts'
import type { HubSide } from '../hub-side.ts'
import { type Evaluation, evaluationOf, type Failure, statusOf } from './answers.ts'
import { Bell } from './bell.ts'
import { canonical, contextIn, contextLimitBytes } from './context.ts'
import { ticketFor, ticketIn, ticketSecret } from './ticket.ts'

const root = '/ofrep/v1/'
const bulkPath = '/ofrep/v1/evaluate/flags'
const eventsPath = '/ofrep/v1/events'
const streamsLimit = 5_000
/** How long a page that nobody looks at keeps its stream. */
const inactivityDelaySec = 120

export function isForOfrep(request: IncomingMessage): boolean {
  return pathIn(request).startsWith(root)
}

/** Those who listen for changes, by environment, and what their tickets are signed with. */
export type Bells = Readonly<{
  of: (environment: string) => Promise<Bell>
  listeners: () => number
  secret: () => Promise<string>
}>

export function makeBells({ store, flags }: HubSide): Bells {
  const bells = new Map<string, Bell>()
  let secret: Promise<string> | null = null
  const isGood = async (key: string) => (await flags.keys.list()).some(({ id }) => id === key)
  return {
    of: async (environment) => {
      const here = await flags.of(environment)
      const bell = bells.get(environment) ?? new Bell(here, isGood)
      bells.set(environment, bell)
      return bell
    },
    listeners: () => [...bells.values()].reduce((sum, { listeners }) => sum + listeners, 0),
    secret: () => (secret ??= ticketSecret(store)),
  }
}

type Exchange = Readonly<{ request: IncomingMessage; response: ServerResponse }>

/** The OpenFeature Remote Evaluation Protocol, 0.3.0: docs/formats/flag-ofrep.md. */
export async function answerOfrep(door: Door, bells: Bells, exchange: Exchange): Promise<void> {
  const { request, response } = exchange
  if (allowPages(request, response)) return
  const path = pathIn(request)
  if (path === eventsPath && request.method === 'GET') return listen(door, bells, exchange)
  const key = path.startsWith(`${bulkPath}/`) ? path.slice(bulkPath.length + 1) : null
  if (key === null && path !== bulkPath)
    return send(response, 404, { errorDetails: `there is no ${path.slice(0, 100)} here` })
  if (request.method !== 'POST')
    return send(response, 405, { errorDetails: `${request.method} is nothing here: ask with POST` })
  const admitted = await admit(door, request)
  if ('status' in admitted) return refuseOfrep(response, admitted)
  return key === null ? bulk(door, bells, exchange, admitted) : single(door, key, exchange, admitted)
}

async function single(
  door: Door,
  written: string,
  exchange: Exchange,
  { key: { environment } }: Admitted,
): Promise<void> {
  const { request, response } = exchange
  const key = decoded(written)
  const found = contextIn(await programBody(request, contextLimitBytes))
  if ('errorCode' in found) return sendWrong(exchange, { key: key ?? written, ...found })
  if (key === null)
    return send(response, 400, {
      key: written,
      errorCode: 'PARSE_ERROR',
      errorDetails: 'the key is not percent-encoded',
    })
  const here = await door.side.flags.of(environment)
  door.side.flagUse.seen(environment, found.context)
  const answer = evaluationOf(key, here.flags.resolve(key, found.context))
  return send(response, statusOf(answer), answer)
}

function decoded(written: string): string | null {
  try {
    return decodeURIComponent(written)
  } catch {
    return null
  }
}

async function bulk(door: Door, bells: Bells, exchange: Exchange, { key }: Admitted): Promise<void> {
  const { request, response } = exchange
  const { side, world } = door
  const found = contextIn(await programBody(request, contextLimitBytes))
  if ('errorCode' in found) return sendWrong(exchange, found)
  const here = await side.flags.of(key.environment)
  side.flagUse.seen(key.environment, found.context)
  side.flagUse.bulk(key.environment)
  // From now on it is known whether something changes before the page listens.
  await bells.of(key.environment)
  const rev = here.rev()
  // Rules look at nothing but the context, so the same state gives the same answers.
  const etag = `"${hash('sha256', `${side.version}\n${here.environment}\n${rev}\n${canonical(found.context)}`, 'base64url').slice(0, 27)}"`
  response.setHeader('etag', etag)
  if (isKnown(request, etag)) return void response.writeHead(304, headers).end()
  const ticket = ticketFor(key, await bells.secret(), world.now())
  const requestUri = `${eventsPath}?ticket=${ticket}`
  return send(response, 200, {
    flags: here
      .list()
      .map(({ key: flag }): Evaluation | Failure => evaluationOf(flag, here.flags.peek(flag, found.context))),
    metadata: { flagSetId: key.environment, version: rev },
    eventStreams: [{ type: 'sse', endpoint: { requestUri }, inactivityDelaySec }],
  })
}

async function listen(
  { side, world, rates }: Door,
  bells: Bells,
  { request, response }: Exchange,
): Promise<void> {
  const query = new URLSearchParams((request.url ?? '').split('?')[1])
  const ticket = ticketIn(query.get('ticket') ?? '', await bells.secret(), world.now())
  const isGood = ticket !== null && (await side.flags.keys.list()).some(({ id }) => id === ticket.key)
  if (!isGood) {
    const wait = rates.byStranger.waitSeconds(request.socket.remoteAddress ?? '', world.now())
    const trouble = {
      what: 'this ticket is not good, or no longer',
      now: 'ask for all flags again: the answer has a new one',
    }
    return refuseOfrep(
      response,
      wait > 0 ? { status: 429, trouble, retrySeconds: wait } : { status: 401, trouble },
    )
  }
  if (bells.listeners() >= streamsLimit) {
    const trouble = { what: `${streamsLimit} listen already`, now: 'ask again now and then' }
    return refuseOfrep(response, { status: 503, trouble, retrySeconds: 10 })
  }
  const last = request.headers['last-event-id']
  response.writeHead(200, {
    ...safeHeaders,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  request.resume()
  const bell = await bells.of(ticket.environment)
  bell.add(response, ticket.key, typeof last === 'string' ? last : null)
}

const headers = { ...safeHeaders, 'content-type': 'application/json', 'cache-control': 'no-cache' } as const

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, headers).end(JSON.stringify(body))
}

/** A body that was not read to its end ends the connection. */
function sendWrong({ request, response }: Exchange, body: object): void {
  if (!request.complete) response.setHeader('connection', 'close')
  send(response, 400, body)
}

function refuseOfrep(response: ServerResponse, { status, trouble, retrySeconds }: Refused): void {
  if (retrySeconds !== undefined) response.setHeader('retry-after', String(retrySeconds))
  send(response, status, { errorDetails: `${trouble.what}: ${trouble.now}` })
}

function isKnown({ headers: given }: IncomingMessage, etag: string): boolean {
  return (given['if-none-match'] ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
}
