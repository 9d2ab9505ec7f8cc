import type { IncomingMessage, ServerResponse } from 'node:http'
import { TroubleError } from '../../change/trouble.ts'
import type { Asked } from '../../metrics/metrics-side.ts'
import { holderOf, sessionCookie, type World } from '../person/auth.ts'
import { bodyLimitBytes } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { type Room, takeBody } from '../intake-door/taken-body.ts'
import { RefusedError } from '../refused.ts'
import { saidSecret } from '../person/said-secret.ts'
import { secure } from '../serve/security-headers.ts'
import { asks } from './asks.ts'
import { refusal } from './refusal.ts'

/** Takes a request, or leaves it to others. */
export type QueryDoor = (request: IncomingMessage, response: ServerResponse, others: () => void) => void

/** What is asked, but for what stands in the body, and the secret of who asks. */
type Question = Readonly<{ asked: Asked; secret: string }>

/** Bodies that come at the same time, all together. */
const roomBytes = 16 * 2 ** 20

/**
 * The short way of questions about samples, which graphs ask by the dozen: it takes those that are plain, with a token that
 * is in order, and leaves all others to the routes, which find the words for what is wrong with them.
 */
export function queryDoor(side: HubSide, world: World): QueryDoor {
  const room: Room = { freeBytes: roomBytes }
  return (request, response, others) => {
    const question = questionIn(request)
    if (question === null) return others()
    const startedAt = performance.now()
    const end = (status: number, contentType: string, body: Uint8Array | string): void => {
      side.answered(request.method ?? '', status, performance.now() - startedAt)
      send(response, status, { contentType, body })
    }
    const refuse = (thrown: unknown): void => {
      if (!(thrown instanceof TroubleError)) world.broke(`${request.method} ${pathIn(request)}`, thrown)
      const { status, said } = refusal(thrown)
      end(status, 'application/json', JSON.stringify(said))
    }
    const answer = async (): Promise<void> => {
      const params = await paramsOf(request, question.asked.params, room)
      if (params === null) return void request.destroy()
      const asked = { ...question.asked, params }
      const { status, contentType, body } = await side.metrics.ask(asked, signalOf(response))
      end(status, contentType, body)
    }
    holderOf(side, question.secret, world.now()).then(
      () => answer().catch(refuse),
      (thrown: unknown) => (thrown instanceof RefusedError ? others() : refuse(thrown)),
    )
  }
}

function questionIn(request: IncomingMessage): Question | null {
  const { url = '', method = '', headers } = request
  const path = pathIn(request)
  if (!path.startsWith(prefix) || url.includes('#')) return null
  const label = /^\/label\/(\w+)\/values$/.exec(path.slice(prefix.length))?.[1]
  const ask = asks[label === undefined ? path.slice(prefix.length) : '/label/:name/values']
  const secret = secretIn(request)
  if (ask === undefined || secret === null || !ask.methods.includes(method)) return null
  if (method !== 'GET' && !isShortForm(headers)) return null
  return { asked: { route: ask.route, name: label ?? '', params: url.slice(path.length + 1) }, secret }
}

const prefix = '/api/v1'

function isShortForm(headers: IncomingMessage['headers']): boolean {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')
  return isForm && Number(headers['content-length'] ?? Number.NaN) <= bodyLimitBytes
}

/** A token; a cookie only where a foreign page could not make a browser send it along with more than a look. */
function secretIn({ method, headers }: IncomingMessage): string | null {
  if (headers.authorization !== undefined) return saidSecret(headers.authorization)
  if (method !== 'GET') return null
  return cookie.exec(headers.cookie ?? '')?.[1] ?? null
}

const cookie = new RegExp(`^(?:.*; )?${sessionCookie}=([\\w-]{1,500})(?:;|$)`)

/** What stands in the form and in the address, the form first, as in Go; null when the form did not come. */
async function paramsOf(request: IncomingMessage, query: string, room: Room): Promise<string | null> {
  if (request.method === 'GET') return query
  const body = await takeBody(request, bodyLimitBytes, room)
  if (body === 'no room')
    throw new TroubleError({ what: 'too much is asked at this moment', now: 'ask again' })
  if (typeof body === 'string') return null
  return [new TextDecoder().decode(body), query].filter((part) => part !== '').join('&')
}

/** Aborted when whoever asked is gone before the answer is. */
function signalOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return gone.signal
}

type Answer = Readonly<{ contentType: string; body: Uint8Array | string }>

function send(response: ServerResponse, status: number, { contentType, body }: Answer): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, {
    ...secure,
    'cache-control': 'no-store',
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

function pathIn({ url = '' }: IncomingMessage): string {
  const at = url.indexOf('?')
  return at === -1 ? url : url.slice(0, at)
}
