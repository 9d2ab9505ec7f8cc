import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { TroubleError } from '../../change/trouble.ts'
import type { Receipt } from '../../metrics/metrics-side.ts'
import type { World } from '../person/auth.ts'
import type { HubSide } from '../hub-side.ts'
import { admitWriter } from './admit-writer.ts'
import { type Answer, told, troubleText } from './answer.ts'
import { otlpDoor } from './otlp-door.ts'
import { perfdataDoor, pushDoor } from './push-doors.ts'
import { remoteWriteDoor } from './remote-write-door.ts'
import { type Room, takeBody } from './taken-body.ts'

/** One protocol by HTTP: where it is spoken, and what is said to its senders. */
export type IntakeDoor = Readonly<{
  paths: readonly string[]
  /** How long a body may be as it comes, packed. */
  limitBytes: number
  /** Whether what stands behind `?` in the address is labels. */
  labelsInAddress: boolean
  /** What the thread of metrics calls it; or what is told to a sender who speaks another. */
  protocolOf: (headers: IncomingHttpHeaders) => string | Answer
  answer: (headers: IncomingHttpHeaders, receipt: Receipt) => Answer
}>

const doors: readonly IntakeDoor[] = [remoteWriteDoor, otlpDoor, pushDoor, perfdataDoor]
const doorOf: ReadonlyMap<string, IntakeDoor> = new Map(
  doors.flatMap((door) => door.paths.map((path) => [path, door] as const)),
)

/** Bodies that come at the same time, all together. */
const roomBytes = 96 * 2 ** 20

const packings: ReadonlySet<string> = new Set(['', 'identity', 'gzip', 'x-gzip', 'deflate', 'zstd', 'snappy'])

export function isForIntake(request: IncomingMessage): boolean {
  return doorOf.has(pathIn(request))
}

/**
 * The way in for samples. Bodies are handed to the thread of metrics as they came, so that this one stays free for
 * everybody else.
 */
export function intakeDoor(side: HubSide, world: World): RequestListener {
  const room: Room = { freeBytes: roomBytes }
  return (request, response) => {
    const door = doorOf.get(pathIn(request))
    if (door === undefined) return send(request, response, told(404, 'there is nothing here'))
    answerOf(door, { side, world, room }, request).then(
      (answer) => send(request, response, answer),
      (thrown: unknown) => {
        world.broke(`${request.method} ${pathIn(request)}`, thrown)
        send(request, response, told(500, 'this is a bug of the hub: its log says more'))
      },
    )
  }
}

type Within = Readonly<{ side: HubSide; world: World; room: Room }>

async function answerOf(
  door: IntakeDoor,
  { side, world, room }: Within,
  request: IncomingMessage,
): Promise<Answer> {
  const { method, headers } = request
  if (method !== 'POST' && method !== 'PUT')
    return { ...told(405, `${method} is nothing here: send with POST`), headers: { allow: 'POST' } }
  const writer = await admitWriter(side, world, request)
  if ('status' in writer) return told(writer.status, troubleText(writer.trouble))
  const packing = (headers['content-encoding'] ?? '').trim().toLowerCase()
  if (!packings.has(packing)) return told(415, `nobody unpacks ${packing} here: use snappy, gzip or zstd`)
  const protocol = door.protocolOf(headers)
  if (typeof protocol !== 'string') return protocol
  const body = await takeBody(request, door.limitBytes, room)
  if (body === 'too long') return told(413, `at most ${door.limitBytes} bytes are taken at once: send less`)
  if (body === 'no room') return told(503, 'too much comes in at this moment')
  if (body === 'cut off') return told(400, 'the body did not arrive as it was announced')
  try {
    const receipt = await side.metrics.take({
      protocol,
      body,
      contentType: headers['content-type'] ?? '',
      contentEncoding: packing,
      sender: writer.sender,
      atMs: world.now(),
      labels: door.labelsInAddress ? labelsIn(request) : {},
      honour: { labels: true, times: true },
    })
    return door.answer(headers, receipt)
  } catch (thrown) {
    // The thread has died and begins anew, or another hub holds the folder.
    if (!(thrown instanceof TroubleError)) throw thrown
    return told(503, troubleText(thrown.trouble))
  }
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent || response.destroyed) return
  // A body that nobody reads to its end must not be taken for the next request.
  const isRest = !request.complete
  response.writeHead(status, {
    'x-content-type-options': 'nosniff',
    ...headers,
    ...(status !== 204 && { 'content-length': String(Buffer.byteLength(body)) }),
    ...(isRest && { connection: 'close' }),
  })
  response.end(body)
}

function pathIn({ url = '' }: IncomingMessage): string {
  const at = url.indexOf('?')
  return at === -1 ? url : url.slice(0, at)
}

function labelsIn({ url = '' }: IncomingMessage): Readonly<Record<string, string>> {
  const at = url.indexOf('?')
  return at === -1 ? {} : Object.fromEntries(new URLSearchParams(url.slice(at)))
}
