import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type Trouble, troubleOf } from '../../change/trouble.ts'
import { setPath, streamPath } from '../../../sdk/wire/messages.ts'
import type { World } from '../auth.ts'
import type { HubSide } from '../hub-side.ts'
import type { FlagKey } from '../wire-flags.ts'
import { Fan } from './fan.ts'
import { setText } from './messages.ts'
import { makeRate, type Rate } from './rate.ts'

export const isForFlags = ({ url = '' }: IncomingMessage): boolean =>
  pathIn(url) === streamPath || pathIn(url) === setPath

const limits = {
  /** All programs of a fleet may come at once after a hub was away; one that turns in circles may not for long. */
  byKey: { perSecond: 200, most: 5_000, names: 10_000 },
  byStranger: { perSecond: 5, most: 100, names: 10_000 },
  streams: 8_000,
} as const

type Asked = Readonly<{ request: IncomingMessage; response: ServerResponse; key: FlagKey; secret: string }>
type Door = Readonly<{ side: HubSide; world: World; fans: Map<string, Fan>; rates: Rates }>
type Rates = Readonly<{ byKey: Rate; byStranger: Rate }>

/** The way in for programs of the team that decide flags themselves: docs/formats/flag-stream.md. */
export function flagDoor(side: HubSide, world: World): RequestListener {
  const rates = { byKey: makeRate(limits.byKey), byStranger: makeRate(limits.byStranger) }
  const door: Door = { side, world, rates, fans: new Map() }
  return (request, response) => {
    answer(door, request, response).catch((thrown: unknown) => {
      world.broke(`${request.method} ${pathIn(request.url ?? '')}`, thrown)
      if (response.headersSent) response.destroy()
      else refuse(response, 500, troubleOf(thrown))
    })
  }
}

async function answer(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET')
    return refuse(response, 405, { what: `${request.method} is nothing here`, now: 'ask with GET' })
  const secret = secretIn(request)
  const key = secret === null ? null : await door.side.flags.keys.check(secret)
  if (secret === null || key === null) return refuseStranger(door, request, response)
  const waitSeconds = door.rates.byKey.waitSeconds(key.id, door.world.now())
  if (waitSeconds > 0) return refuseHaste(response, waitSeconds)
  if (key.kind !== 'server') return refuse(response, 403, browserTrouble)
  const asked = { request, response, key, secret }
  return pathIn(request.url ?? '') === streamPath ? stream(door, asked) : set(door, asked)
}

async function stream(door: Door, { request, response, key, secret }: Asked): Promise<void> {
  const { side, fans } = door
  const here = await side.flags.of(key.environment)
  if ([...fans.values()].reduce((sum, { readers }) => sum + readers, 0) >= limits.streams)
    return refuse(
      response,
      503,
      { what: `${limits.streams} programs follow already`, now: 'ask for the set' },
      10,
    )
  const isGood = async (one: string) => (await side.flags.keys.check(one)) !== null
  const fan = fans.get(key.environment) ?? new Fan(here, isGood)
  fans.set(key.environment, fan)
  const from = request.headers['last-event-id']
  response.writeHead(200, {
    ...safeHeaders,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  // What is left of the body, and of waiting for one, is nothing to a stream.
  request.resume()
  fan.add(response, typeof from === 'string' ? from : null, secret)
}

async function set({ side }: Door, { request, response, key }: Asked): Promise<void> {
  const here = await side.flags.of(key.environment)
  const etag = `"${here.rev()}"`
  const headers = { ...safeHeaders, etag, 'cache-control': 'no-cache' }
  if (isKnown(request, etag)) return void response.writeHead(304, headers).end()
  response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(setText(here))
}

function isKnown({ headers }: IncomingMessage, etag: string): boolean {
  const known = headers['if-none-match'] ?? ''
  return known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
}

function secretIn({ headers }: IncomingMessage): string | null {
  return /^Bearer +(\S{1,500})$/i.exec(headers.authorization ?? '')?.[1] ?? null
}

function refuseStranger(door: Door, { socket }: IncomingMessage, response: ServerResponse): void {
  const waitSeconds = door.rates.byStranger.waitSeconds(socket.remoteAddress ?? '', door.world.now())
  if (waitSeconds > 0) refuseHaste(response, waitSeconds)
  else refuse(response, 401, strangerTrouble)
}

function refuseHaste(response: ServerResponse, waitSeconds: number): void {
  refuse(response, 429, { what: 'it is asked too often', now: `wait ${waitSeconds} s` }, waitSeconds)
}

const strangerTrouble: Trouble = {
  what: 'this is no key of a program, or one that was revoked',
  now: 'make one with `tandem flag key new`, and give it to the program',
}

const browserTrouble: Trouble = {
  what: 'a browser key is given answers, never rules',
  now: 'give the program a server key: `tandem flag key new --kind server`',
}

const safeHeaders = { 'x-content-type-options': 'nosniff' } as const

function refuse(response: ServerResponse, status: number, trouble: Trouble, retrySeconds?: number): void {
  response.writeHead(status, {
    ...safeHeaders,
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...(retrySeconds !== undefined && { 'retry-after': String(retrySeconds) }),
  })
  response.end(JSON.stringify({ trouble }))
}

const pathIn = (url: string): string => url.split('?')[0] ?? ''
