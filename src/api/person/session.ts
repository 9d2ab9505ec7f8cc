import type { Context } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { Hono } from 'hono'
import { addressOf } from './address.ts'
import { type Asked, holderOf, refuseForeignPages, sessionCookie, type World } from './auth.ts'
import { bodies, bodyOf, placeOf } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { type LoginLimit, makeLoginLimit } from './login-limit.ts'
import { RefusedError } from '../refused.ts'
import type { Me, Routes } from '../wire/wire.ts'

const sessionDays = 30

/** `POST /session`: the one thing somebody may do whom we do not know yet. */
export function loginRoute(side: HubSide, world: World): Hono {
  const limit = makeLoginLimit()
  const routes = new Hono()
  routes.post('/session', async (c) => {
    refuseForeignPages(c, false)
    const { token: secret } = await bodyOf(c, bodies.session)
    const { token, may } = await checkedLogin(c, side, { secret, limit, world })
    const untilMs = Math.min(token.expiresAt ?? Infinity, world.now() + sessionDays * 86_400_000)
    setCookie(c, sessionCookie, secret, {
      ...cookieRules(c),
      maxAge: Math.floor((untilMs - world.now()) / 1_000),
    })
    return c.json<Me>({ name: token.person, may })
  })
  return routes
}

/** What somebody we know may ask about themselves. */
export function sessionRoutes(): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.get('/me', (c) => c.json<Me>({ name: c.var.asker.name, may: c.var.asker.may }))
  routes.delete('/session', (c) => {
    deleteCookie(c, sessionCookie, cookieRules(c))
    return c.json<Routes['DELETE /api/session']>({ ok: true })
  })
  return routes
}

function cookieRules(c: Context) {
  const isSecure = new URL(c.req.url).protocol === 'https:' || c.req.header('x-forwarded-proto') === 'https'
  return { httpOnly: true, sameSite: 'Strict', path: '/', secure: isSecure } as const
}

async function checkedLogin(
  c: Context,
  side: HubSide,
  login: Readonly<{ secret: string; limit: LoginLimit; world: World }>,
) {
  const at = login.world.now()
  const address = addressOf(c)
  const waitMs = login.limit.waitMs(address, at)
  if (waitMs > 0) throw tooMany(c, Math.ceil(waitMs / 1_000))
  try {
    return await holderOf(side, login.secret, at)
  } catch (thrown) {
    if (thrown instanceof RefusedError) login.limit.failed(address, at)
    throw thrown
  }
}

function tooMany(c: Context, seconds: number): RefusedError {
  c.header('retry-after', String(seconds))
  return new RefusedError(429, {
    what: 'too many failed logins from here',
    where: placeOf(c),
    now: `wait ${seconds} s, then try again with a token of \`tandem token new\``,
  })
}
