import type { Json } from '../change/json.ts'
import type { ChangeId } from '../change/order.ts'
import type { Trouble } from '../change/trouble.ts'
import type { OrderWish, Routes } from '../api/wire/wire.ts'
import { type Ask, keepAnswers } from './ahead/keep-answers.ts'
import { type CodeApi, makeCodeApi } from './code-api.ts'
import { type FlagApi, makeFlagApi } from './flag-api.ts'
import { makeMetricsApi, type MetricsApi } from './metrics-api.ts'

type Answer<R extends keyof Routes> = Promise<Routes[R]>
export type RevertWish = Readonly<{ change: ChangeId | null; target: string | null; why: string }>

/** A refusal of the hub, or no answer at all (status 0). */
export class RefusedError extends Error {
  readonly status: number
  readonly trouble: Trouble

  constructor(status: number, trouble: Trouble) {
    super(trouble.what)
    this.status = status
    this.trouble = trouble
  }
}

/** What the dashboard asks of the hub; every function throws a RefusedError. */
export type Api = CodeApi & FlagApi & MetricsApi & HubApi

type HubApi = Readonly<{
  me: () => Answer<'GET /api/me'>
  signIn: (token: string) => Answer<'POST /api/session'>
  signOut: () => Answer<'DELETE /api/session'>
  status: () => Answer<'GET /api/status'>
  changes: (
    query: Readonly<{ target: string | null; before: ChangeId | null; limit: number }>,
  ) => Answer<'GET /api/changes'>
  change: (id: ChangeId) => Answer<'GET /api/changes/:id'>
  log: (id: ChangeId, after: number, limit: number) => Answer<'GET /api/changes/:id/log'>
  plan: (wish: OrderWish) => Answer<'POST /api/plans'>
  order: (wish: OrderWish) => Answer<'POST /api/changes'>
  planRevert: (wish: RevertWish) => Answer<'POST /api/reverts/plan'>
  revert: (wish: RevertWish) => Answer<'POST /api/reverts'>
  /** What was found when these hosts were last looked at. */
  lastDrift: () => Answer<'GET /api/drift'>
  /** Looks at hosts beside their recipes now; none named = all that have a recipe. */
  look: (on: readonly string[]) => Answer<'POST /api/drift'>
  facts: (on: readonly string[]) => Answer<'POST /api/facts'>
  stop: (id: ChangeId) => Answer<'POST /api/changes/:id/stop'>
}>

const timeoutMs = 30_000
/** A plan may have to fetch and build, and like a look it asks every host first. */
const slowTimeoutMs = 15 * 60_000

export function makeApi(fetch: typeof globalThis.fetch): Api {
  return apiOf(makeAsk(fetch))
}

/** The same, and a second one for what will be asked in a moment: see `keepAnswers`. */
export function makeApiWithAhead(fetch: typeof globalThis.fetch): Readonly<{ api: Api; ahead: Api }> {
  const { ask, ahead } = keepAnswers(makeAsk(fetch), () => performance.now())
  return { api: apiOf(ask), ahead: apiOf(ahead) }
}

function apiOf(ask: Ask): Api {
  return {
    ...makeCodeApi(ask, queryOf),
    ...makeFlagApi(ask, queryOf),
    ...makeMetricsApi(ask, queryOf),
    me: () => ask('GET', '/api/me'),
    signIn: (token) => ask('POST', '/api/session', { token }),
    signOut: () => ask('DELETE', '/api/session'),
    status: () => ask('GET', '/api/status'),
    changes: (query) => ask('GET', `/api/changes?${queryOf(query)}`),
    change: (id) => ask('GET', `/api/changes/${encodeURIComponent(id)}`),
    log: (id, after, limit) =>
      ask('GET', `/api/changes/${encodeURIComponent(id)}/log?${queryOf({ after, limit })}`),
    plan: (wish) => ask('POST', '/api/plans', wish),
    order: (wish) => ask('POST', '/api/changes', wish),
    planRevert: (wish) => ask('POST', '/api/reverts/plan', wish),
    revert: (wish) => ask('POST', '/api/reverts', wish),
    lastDrift: () => ask('GET', '/api/drift'),
    look: (on) => ask('POST', '/api/drift', { on }),
    facts: (on) => ask('POST', '/api/facts', { on }),
    stop: (id) => ask('POST', `/api/changes/${encodeURIComponent(id)}/stop`, {}),
  }
}

function queryOf(fields: Readonly<Record<string, string | number | null>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== null) query.set(name, String(value))
  return query.toString()
}

function makeAsk(fetch: typeof globalThis.fetch): Ask {
  return async function ask<T>(method: string, path: string, body?: Json, signal?: AbortSignal): Promise<T> {
    const tooLate = AbortSignal.timeout(isSlow(method, path) ? slowTimeoutMs : timeoutMs)
    const request: RequestInit = {
      method,
      // A page of another site cannot send this header, so the cookie alone orders nothing.
      headers: {
        accept: 'application/json',
        ...(method === 'GET' ? {} : { 'x-tandem': '1' }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal: signal === undefined ? tooLate : AbortSignal.any([signal, tooLate]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    const response = await fetch(path, request).catch((cause: unknown) => {
      throw new RefusedError(0, unreachable(cause))
    })
    const answer: unknown = await response.json().catch(() => null)
    if (response.ok && answer === null) throw new RefusedError(0, cutOff)
    if (!response.ok) throw new RefusedError(response.status, troubleIn(answer, response.status))
    // An answer that took long had begun when it was refused.
    if (isSlow(method, path) && typeof answer === 'object' && answer !== null && 'trouble' in answer)
      throw new RefusedError(409, troubleIn(answer, 409))
    // The hub that served this page wrote this answer: both sides are built from the same wire.ts.
    return answer as T
  }
}

const slow: readonly string[] = ['/api/plans', '/api/reverts/plan', '/api/drift', '/api/facts']

const isSlow = (method: string, path: string): boolean => method === 'POST' && slow.includes(path)

/** The connection went, or whoever asked does not want to know any more. */
const cutOff: Trouble = {
  what: 'the answer of the hub was cut off',
  now: 'check that you are on its network, then try again',
}

function unreachable(cause: unknown): Trouble {
  const what =
    cause instanceof DOMException && cause.name === 'TimeoutError'
      ? 'did not answer in time'
      : 'cannot be reached'
  return {
    what: `the hub ${what}`,
    now: 'check that it runs and that you are on its network, then try again',
  }
}

function troubleIn(answer: unknown, status: number): Trouble {
  if (typeof answer === 'object' && answer !== null && 'trouble' in answer) return answer.trouble as Trouble
  // The routes of Prometheus refuse in its words.
  if (typeof answer === 'object' && answer !== null && 'error' in answer)
    return { what: String(answer.error), now: 'mend the query' }
  return { what: `the hub answered with status ${status} and no reason`, now: 'look at the log of the hub' }
}

/** The trouble inside anything that a request threw; what is not a refusal is a bug and is thrown on. */
export function troubleIfRefused(thrown: unknown): Trouble {
  if (thrown instanceof RefusedError) return thrown.trouble
  throw thrown
}
