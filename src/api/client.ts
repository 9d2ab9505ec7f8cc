import type { Door } from '../change/order.ts'
import type { Trouble } from '../change/trouble.ts'
import { type EventQuery, followEvents } from './client-events.ts'
import { RefusedError, type RefusalStatus } from './refused.ts'
import { unreachable } from './unreachable.ts'
import type { HubEvent, Routes } from './wire.ts'

/** Sends one request: `fetch` itself, or the `request` of an app in the same process. */
export type Fetch = (request: Request) => Response | Promise<Response>

export type ClientWorld = Readonly<{
  fetch: Fetch
  /** Where the hub is: `https://hub.example.org`. Any URL will do in-process. */
  base: string
  token: string
  door: Extract<Door, 'cli' | 'api'>
}>

export type Asking = Readonly<{
  params?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string | number | null>>
  body?: unknown
}>

/** The hub as its clients see it. What goes wrong is thrown as a TroubleError, a `RefusedError` if the hub said so. */
export type Client = Readonly<{
  call: <R extends keyof Routes>(route: R, asking?: Asking) => Promise<Routes[R]>
  /** Entries after `after` (from now on if null) and log lines as they come, across broken connections. */
  events: (query: EventQuery) => AsyncGenerator<HubEvent>
}>

/** Planning may build a release first; everything else answers at once. */
const limitsMs = { plan: 290_000, other: 60_000 } as const

export function makeClient(world: ClientWorld): Client {
  return {
    call: async (route, asking = {}) => {
      const limitMs = /plan/.test(route) ? limitsMs.plan : limitsMs.other
      const request = requestOf(world, route, asking)
      const response = await send(world, request, AbortSignal.timeout(limitMs))
      return (await answerOf(response, world.base)) as Routes[typeof route]
    },
    events: (query) =>
      followEvents(query, async (after, signal) => {
        const response = await openStream(world, after, signal)
        if (!response.ok || response.body === null) throw await refusalOf(response, world.base)
        return response.body
      }),
  }
}

/** Whether the hub refused because of what it was asked, not because of how things are. */
export const isWrongUsage = (thrown: unknown): boolean =>
  thrown instanceof RefusedError && thrown.status === 400

function requestOf(world: ClientWorld, route: string, asking: Asking): Request {
  const [method = 'GET', pattern = '/'] = route.split(' ')
  const path = pattern.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(asking.params?.[name] ?? ''),
  )
  const url = new URL(world.base.replace(/\/+$/, '') + path)
  for (const [name, value] of Object.entries(asking.query ?? {})) {
    if (value !== null) url.searchParams.set(name, String(value))
  }
  const headers: Record<string, string> = { authorization: `Bearer ${world.token}` }
  if (world.door === 'cli') headers['x-tandem-door'] = 'cli'
  if (asking.body === undefined) return new Request(url, { method, headers })
  headers['content-type'] = 'application/json'
  return new Request(url, { method, headers, body: JSON.stringify(asking.body) })
}

/** The limit is for the answer to begin, not for the stream. */
async function openStream(world: ClientWorld, after: number | null, signal: AbortSignal): Promise<Response> {
  const opening = new AbortController()
  const overdue = setTimeout(() => opening.abort(new DOMException('late', 'TimeoutError')), limitsMs.other)
  const request = requestOf(world, 'GET /api/events', { query: { after } })
  try {
    return await send(world, request, AbortSignal.any([signal, opening.signal]))
  } finally {
    clearTimeout(overdue)
  }
}

async function send(world: ClientWorld, request: Request, signal: AbortSignal): Promise<Response> {
  try {
    return await world.fetch(new Request(request, { signal, redirect: 'manual' }))
  } catch (cause) {
    throw unreachable(world.base, cause)
  }
}

async function answerOf(response: Response, base: string): Promise<unknown> {
  if (!response.ok) throw await refusalOf(response, base)
  const answer = await jsonOf(response)
  if (answer === undefined) throw noHub(response, base)
  return answer
}

async function refusalOf(response: Response, base: string): Promise<Error> {
  const trouble = troubleIn(await jsonOf(response))
  return trouble === null ? noHub(response, base) : new RefusedError(statusOf(response.status), trouble)
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}

function troubleIn(answer: unknown): Trouble | null {
  if (typeof answer !== 'object' || answer === null || !('trouble' in answer)) return null
  const { trouble } = answer
  const isTrouble = typeof trouble === 'object' && trouble !== null && 'what' in trouble && 'now' in trouble
  return isTrouble ? (trouble as Trouble) : null
}

const known = [400, 401, 403, 404, 409, 429] as const

const statusOf = (status: number): RefusalStatus => known.find((one) => one === status) ?? 500

const noHub = (response: Response, base: string): RefusedError =>
  new RefusedError(500, {
    what: `what answers at ${base} is not a tandem hub, or one of another age`,
    where: `${response.status} ${response.headers.get('content-type') ?? 'without a type'} from ${response.url || base}`,
    now: 'check the URL (--hub, TANDEM_HUB or `tandem login URL`) and compare `tandem version` on both sides',
  })
