import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { troubleOf } from '../../change/trouble.ts'
import { countsPath, setPath, streamPath } from '../../../sdk/wire/messages.ts'
import type { World } from '../person/auth.ts'
import type { HubSide } from '../hub-side.ts'
import { answerOfrep, isForOfrep, makeBells } from '../ofrep/ofrep-door.ts'
import { admit, type Admitted, type Door, makeRates, pathIn, refuse, safeHeaders } from './admit.ts'
import { takeCounts } from './counts.ts'
import { Fan } from './fan.ts'
import { setText } from './messages.ts'

/** Definitions in the words of flagd. */
export const flagdPath = '/flags/v1/flagd'

const paths: ReadonlySet<string> = new Set([streamPath, setPath, countsPath, flagdPath])

export function isForFlags(request: IncomingMessage): boolean {
  return paths.has(pathIn(request)) || isForOfrep(request)
}

const streamsLimit = 8_000

type Asked = Readonly<{ request: IncomingMessage; response: ServerResponse; admitted: Admitted }>
type FlagDoor = Door & Readonly<{ fans: Map<string, Fan> }>

/** The way in for programs of the team: docs/formats/flag-stream.md, and what unmodified ones of OpenFeature ask. */
export function flagDoor(side: HubSide, world: World): RequestListener {
  const door: FlagDoor = { side, world, rates: makeRates(), fans: new Map() }
  const bells = makeBells(side)
  return (request, response) => {
    const answered = isForOfrep(request)
      ? answerOfrep(door, bells, { request, response })
      : answer(door, request, response)
    answered.catch((thrown: unknown) => {
      world.broke(`${request.method} ${pathIn(request)}`, thrown)
      if (response.headersSent) response.destroy()
      else refuse(response, { status: 500, trouble: troubleOf(thrown) })
    })
  }
}

async function answer(door: FlagDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathIn(request)
  if (path === countsPath) return takeCounts(door, request, response)
  if (request.method !== 'GET')
    return refuse(response, {
      status: 405,
      trouble: { what: `${request.method} is nothing here`, now: 'ask with GET' },
    })
  const admitted = await admit(door, request)
  if ('status' in admitted) return refuse(response, admitted)
  if (admitted.key.kind !== 'server') return refuse(response, { status: 403, trouble: browserTrouble })
  const asked = { request, response, admitted }
  if (path === streamPath) return stream(door, asked)
  return path === flagdPath ? flagd(door, asked) : set(door, asked)
}

async function stream(door: FlagDoor, { request, response, admitted }: Asked): Promise<void> {
  const { side, world, fans } = door
  const { environment } = admitted.key
  const here = await side.flags.of(environment)
  if ([...fans.values()].reduce((sum, { readers }) => sum + readers, 0) >= streamsLimit)
    return refuse(response, {
      status: 503,
      trouble: { what: `${streamsLimit} programs follow already`, now: 'ask for the set' },
      retrySeconds: 10,
    })
  const isGood = async (secret: string) => (await side.flags.keys.check(secret)) !== null
  const fan = fans.get(environment) ?? new Fan(here, isGood, (thrown) => world.broke(streamPath, thrown))
  fans.set(environment, fan)
  const from = request.headers['last-event-id']
  response.writeHead(200, {
    ...safeHeaders,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  // What is left of the body, and of waiting for one, is nothing to a stream.
  request.resume()
  fan.add(response, typeof from === 'string' ? from : null, admitted.secret)
}

async function set({ side }: Door, asked: Asked): Promise<void> {
  const here = await side.flags.of(asked.admitted.key.environment)
  sendKnown(asked, here.rev(), () => setText(here))
}

async function flagd({ side }: Door, asked: Asked): Promise<void> {
  const { rev, text } = await side.flagdFile(asked.admitted.key.environment)
  sendKnown(asked, `${side.version} ${rev}`, () => text)
}

/** Sends JSON unless the program has it already. */
function sendKnown({ request, response }: Asked, state: string, textOf: () => string): void {
  const etag = `"${state}"`
  const headers = { ...safeHeaders, etag, 'cache-control': 'no-cache' }
  if (isKnown(request, etag)) return void response.writeHead(304, headers).end()
  response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(textOf())
}

function isKnown({ headers }: IncomingMessage, etag: string): boolean {
  const known = headers['if-none-match'] ?? ''
  return known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
}

const browserTrouble = {
  what: 'a browser key is given answers, never rules',
  now: 'give the program a server key: `tandem flag key new --kind server`',
}
