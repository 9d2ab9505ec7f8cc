import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Door } from '../../change/order.ts'
import type { Expired, May, Token } from '../../store/store.ts'
import { placeOf } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { RefusedError } from '../refused.ts'

export const sessionCookie = 'tandem_session'

/** What is asked by POST and changes nothing. */
const looking: ReadonlySet<string> = new Set([
  '/api/session',
  '/api/plans',
  '/api/reverts/plan',
  '/api/drift',
  '/api/facts',
  '/api/programs',
  '/api/flag-places',
])

const isLooking = (path: string): boolean =>
  looking.has(path) ||
  /^\/api\/v1\/(query|query_range|query_exemplars|labels|series|format_query|read)$/.test(path) ||
  /^\/api\/flags?(-use)?\/[^/]+\/(explain|reach)$/.test(path)

/** Who is asking, what they may do, and the door they came in by. */
export type Asker = Readonly<{ name: string; may: May; door: Door; secret: string }>

/** What routes find in the context of a request that has passed `auth`. */
export type Asked = { Variables: { asker: Asker } }

export type World = Readonly<{
  /** Milliseconds since the Unix epoch. */
  now: () => number
  /** Told of every bug that an answer of 500 hides from the one who asked. */
  broke: (place: string, thrown: unknown) => void
  /** The pause between the signs of life of an answer that takes long; otherwise 10 s. */
  pulseMs?: number
}>

/** Who sends this request. Refuses one that proves nobody (401), or somebody who may not do this (403). */
export async function askerOf(c: Context, side: HubSide, world: World): Promise<Asker> {
  const bearer = secretIn(c)
  const cookie = getCookie(c, sessionCookie)
  const secret = bearer ?? cookie
  if (secret === undefined) throw new RefusedError(401, unknownTrouble('this request has no token', c))
  const { token, may } = await holderOf(side, secret, world.now())
  if (bearer === undefined) refuseForeignPages(c)
  const isChanging = c.req.method !== 'GET' && c.req.method !== 'HEAD'
  if (isChanging && may === 'look' && !isLooking(c.req.path)) throw lookOnly(c, token.person)
  return { name: token.person, may, door: doorOf(c, bearer !== undefined), secret }
}

/** What shows graphs of Prometheus may only know of names and passwords: there the token is the password. */
function secretIn(c: Context): string | undefined {
  const said = c.req.header('authorization') ?? ''
  const bearer = /^Bearer +(\S{1,500})$/i.exec(said)?.[1]
  if (bearer !== undefined || !/^\/(api\/v1\/|federate$)/.test(c.req.path)) return bearer
  const basic = /^Basic +([A-Za-z0-9+/=]{1,1000})$/i.exec(said)?.[1]
  return /^[^:]*:(\S{1,500})$/.exec(Buffer.from(basic ?? '', 'base64').toString())?.[1]
}

/** The person who holds this secret and what they may do. */
export async function holderOf(
  side: HubSide,
  secret: string,
  at: number,
): Promise<Readonly<{ token: Token; may: May }>> {
  const token = await side.store.tokens.check(secret, at)
  if (token === null) throw new RefusedError(401, unknownTrouble('nobody has this token'))
  if ('expiredAt' in token) throw new RefusedError(401, expiredTrouble(token))
  const may = side.may(token.person)
  if (may === null) {
    throw new RefusedError(403, {
      what: `${token.person} is not of the team`,
      now: `ask for ${token.person} to be added to \`people\` in tandem.ts`,
    })
  }
  return { token, may }
}

function expiredTrouble({ expiredAt }: Expired) {
  const [day = '', time = ''] = new Date(expiredAt).toISOString().split(/[T.]/)
  return {
    what: `this token has expired: it was good until ${day} ${time.slice(0, 5)} UTC`,
    now: 'ask a teammate for a new one (`tandem token new`), then `tandem login`',
  }
}

function unknownTrouble(what: string, c?: Context) {
  return {
    what,
    ...(c === undefined ? {} : { where: placeOf(c) }),
    now: 'ask a teammate for `tandem token new`, then log in with it: `tandem login`',
  }
}

function lookOnly(c: Context, person: string): RefusedError {
  return new RefusedError(403, {
    what: `${person} may look, not change`,
    where: placeOf(c),
    now: "ask somebody who may, or for `may: 'everything'` in tandem.ts",
  })
}

/**
 * A browser sends the cookie along with requests of foreign pages too. Those cannot set a header without asking first,
 * which we never allow, and they name their origin.
 */
export function refuseForeignPages(c: Context, headerNeeded = true): void {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return
  if (headerNeeded && c.req.header('x-tandem') !== '1') {
    throw foreign(c, 'it lacks the header `x-tandem: 1`')
  }
  const origin = c.req.header('origin')
  if (origin === undefined) return
  const hosts = [c.req.header('host'), c.req.header('x-forwarded-host'), new URL(c.req.url).host]
  if (!URL.canParse(origin) || !hosts.includes(new URL(origin).host)) {
    throw foreign(c, `it comes from ${origin}`)
  }
}

function foreign(c: Context, why: string): RefusedError {
  return new RefusedError(403, {
    what: `this request may have been sent by another page: ${why}`,
    where: placeOf(c),
    now: 'open the dashboard itself and try there',
  })
}

/** The CLI says that it is one. Doors inside the hub (chat, git, clock, guard) cannot be claimed from outside. */
function doorOf(c: Context, isBearer: boolean): Door {
  if (!isBearer) return 'web'
  return c.req.header('x-tandem-door') === 'cli' ? 'cli' : 'api'
}
