import { type Context, Hono } from 'hono'
import { TroubleError, troubleOf } from '../../change/trouble.ts'
import type { Answered, AskRoute } from '../../metrics/metrics-side.ts'
import { type Asked, askerOf, type World } from '../auth.ts'
import { placeOf } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { RefusedError } from '../refused.ts'

/** What is asked with GET, and also with a form where a query may be too long for an address. */
const routes: Readonly<Record<string, Readonly<{ route: AskRoute; methods: readonly string[] }>>> = {
  '/query': { route: 'query', methods: ['GET', 'POST'] },
  '/query_range': { route: 'query_range', methods: ['GET', 'POST'] },
}

/** The HTTP API of Prometheus 2.42, as far as it asks: what draws graphs of it draws ours. */
export function prometheusRoutes(side: HubSide, world: World): Hono<Asked> {
  const api = new Hono<Asked>()
  api.use(async (c, next) => {
    c.set('asker', await askerOf(c, side, world))
    await next()
  })
  for (const [path, { route, methods }] of Object.entries(routes))
    api.on([...methods], path, async (c) => {
      const asked = { route, name: c.req.param('name') ?? '', params: await paramsOf(c) }
      return passedOn(await side.metrics.ask(asked, c.req.raw.signal))
    })
  api.all('*', (c) => {
    throw new RefusedError(404, { what: `there is no ${placeOf(c)}`, now: 'see docs/guide/metrics.md' })
  })
  api.onError((thrown, c) => {
    if (!(thrown instanceof TroubleError)) world.broke(placeOf(c), thrown)
    return refusal(c, thrown)
  })
  return api
}

/** What stands in the address and in the form, the form first, as in Go. */
async function paramsOf(c: Context): Promise<string> {
  const query = new URL(c.req.url).search.slice(1)
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? '')
  if (c.req.method !== 'POST' || !isForm) return query
  return [await c.req.text(), query].filter((part) => part !== '').join('&')
}

function passedOn({ status, contentType, body }: Answered): Response {
  return new Response(body, { status, headers: { 'content-type': contentType } })
}

const errorTypes = {
  400: 'bad_data',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'unavailable',
  429: 'unavailable',
  500: 'internal',
  503: 'unavailable',
} as const

/** In the words of Prometheus, and in ours for our own commands. */
function refusal(c: Context, thrown: Error): Response {
  const trouble = troubleOf(thrown)
  const status = thrown instanceof RefusedError ? thrown.status : thrown instanceof TroubleError ? 503 : 500
  const error = `${trouble.what}: ${trouble.now}`
  return c.json({ status: 'error', errorType: errorTypes[status], error, trouble }, status)
}
