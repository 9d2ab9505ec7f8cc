import type { Door } from '../../change/order.ts'
import type { Trouble } from '../../change/trouble.ts'
import { type EventQuery, followEvents } from './client-events.ts'
import { RefusedError, type RefusalStatus } from '../refused.ts'
import { silenceOver } from './silence.ts'
import { unreachable } from './unreachable.ts'
import type { CodeRoutes } from '../wire/code.ts'
import type { FarRoutes } from '../wire/far.ts'
import type { FlagUseRoutes } from '../wire/flag-use.ts'
import type { FlagRoutes } from '../wire/flags.ts'
import type { GraphRoutes } from '../wire/graphs.ts'
import type { MarkRoutes } from '../wire/marks.ts'
import type { QueryRoutes } from '../wire/queries.ts'
import type { TargetRoutes } from '../wire/targets.ts'
import type { MetricRoutes } from '../wire/metrics.ts'
import type { HubEvent, Routes } from '../wire/wire.ts'

/** Sends one request: `fetch` itself, or the `request` of an app in the same process. */
export type Fetch = (request: Request) => Response | Promise<Response>

export type ClientWorld = Readonly<{
  fetch: Fetch
  /** Where the hub is: `https://hub.example.org`. Any URL will do in-process. */
  base: string
  token: string
  door: Extract<Door, 'cli' | 'api'>
  /** After how much silence of the hub it is given up; otherwise a minute. */
  silenceMs?: number
}>

export type Asking = Readonly<{
  params?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string | number | null>>
  body?: unknown
}>

/** What can be asked of a hub, with what it answers. */
export type AllRoutes = Routes &
  CodeRoutes &
  FarRoutes &
  FlagRoutes &
  FlagUseRoutes &
  GraphRoutes &
  MarkRoutes &
  MetricRoutes &
  QueryRoutes &
  TargetRoutes

/** The hub as its clients see it. What goes wrong is thrown as a TroubleError, a `RefusedError` if the hub said so. */
export type Client = Readonly<{
  call: <R extends keyof AllRoutes>(route: R, asking?: Asking) => Promise<AllRoutes[R]>
  /** Entries after `after` (from now on if null) and log lines as they come, across broken connections. */
  events: (query: EventQuery) => AsyncGenerator<HubEvent>
}>

/** For how long a hub may say nothing. One that has much to do, such as a build before a plan, gives signs of life. */
const usualSilenceMs = 60_000

export function makeClient(world: ClientWorld): Client {
  return {
    call: async (route, asking = {}) => {
      const silence = silenceOver(world.silenceMs ?? usualSilenceMs)
      try {
        const response = await send(world, requestOf(world, route, asking), silence.signal)
        return (await answerOf(response, world.base, silence.heard)) as AllRoutes[typeof route]
      } finally {
        silence.end()
      }
    },
    events: (query) =>
      followEvents(query, async (after, signal) => {
        const response = await openStream(world, after, signal)
        if (!response.ok || response.body === null) {
          await answerOf(response, world.base, () => {})
          throw noHub(response, world.base)
        }
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
  const opening = silenceOver(world.silenceMs ?? usualSilenceMs)
  const request = requestOf(world, 'GET /api/events', { query: { after } })
  try {
    return await send(world, request, AbortSignal.any([signal, opening.signal]))
  } finally {
    opening.end()
  }
}

async function send(world: ClientWorld, request: Request, signal: AbortSignal): Promise<Response> {
  try {
    return await world.fetch(new Request(request, { signal, redirect: 'manual' }))
  } catch (cause) {
    throw unreachable(world.base, cause)
  }
}

/** What the hub answered. A refusal that comes late is in an answer that began well: then the body has its status. */
async function answerOf(response: Response, base: string, heard: () => void): Promise<unknown> {
  const answer = parsed(await textOf(response, base, heard))
  const trouble = troubleIn(answer)
  if (trouble !== null) throw new RefusedError(statusOf(lateStatus(answer) ?? response.status), trouble)
  if (!response.ok || answer === undefined) throw noHub(response, base)
  return answer
}

async function textOf(response: Response, base: string, heard: () => void): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of response.body ?? []) {
      heard()
      text += decoder.decode(chunk, { stream: true })
    }
  } catch (cause) {
    throw unreachable(base, cause)
  }
  return text + decoder.decode()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function troubleIn(answer: unknown): Trouble | null {
  if (typeof answer !== 'object' || answer === null) return null
  if (!('trouble' in answer)) return mistakeIn(answer)
  const { trouble } = answer
  const isTrouble = typeof trouble === 'object' && trouble !== null && 'what' in trouble && 'now' in trouble
  return isTrouble ? (trouble as Trouble) : null
}

/** What Prometheus' own words say of a query. */
function mistakeIn(answer: object): Trouble | null {
  if (!('status' in answer) || answer.status !== 'error' || !('error' in answer)) return null
  return { what: String(answer.error), now: 'mend the query; docs/guide/promql.md says what there is' }
}

function lateStatus(answer: unknown): number | null {
  if (typeof answer !== 'object' || answer === null || !('status' in answer)) return null
  return typeof answer.status === 'number' ? answer.status : null
}

const known = [400, 401, 403, 404, 409, 429] as const

const statusOf = (status: number): RefusalStatus => known.find((one) => one === status) ?? 500

const noHub = (response: Response, base: string): RefusedError =>
  new RefusedError(500, {
    what: `what answers at ${base} is not a tandem hub, or one of another age`,
    where: `${response.status} ${response.headers.get('content-type') ?? 'without a type'} from ${response.url || base}`,
    now: 'check the URL (--hub, TANDEM_HUB or `tandem login URL`) and compare `tandem version` on both sides',
  })
