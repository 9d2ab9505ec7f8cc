import { type Context, Hono } from 'hono'
import { TroubleError } from '../../change/trouble.ts'
import type { Answered, AskRoute } from '../../metrics/metrics-side.ts'
import { type Asked, askerOf, type World } from '../person/auth.ts'
import { placeOf } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { asks } from './asks.ts'
import { refusal } from './refusal.ts'
import { RefusedError } from '../refused.ts'
import { addStatus } from './status-routes.ts'

/** The HTTP API of Prometheus 2.42, as far as it asks: what draws graphs of it draws ours. */
export function prometheusRoutes(side: HubSide, world: World): Hono<Asked> {
  const api = new Hono<Asked>()
  api.use(async (c, next) => {
    c.set('asker', await askerOf(c, side, world))
    await next()
  })
  for (const [path, { route, methods }] of Object.entries(asks))
    api.on([...methods], path, (c) => passOn(c, side, route))
  api.post('/read', async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer())
    return responseOf(await side.metrics.ask({ route: 'read', name: '', params: '', body }, c.req.raw.signal))
  })
  addStatus(api, side, world)
  addAdmin(api, side)
  api.all('*', (c) => {
    throw new RefusedError(404, { what: `there is no ${placeOf(c)}`, now: 'see docs/guide/metrics.md' })
  })
  api.onError(refusalOf(world))
  return api
}

/** What Prometheus has outside of its API: the newest samples for another one, and whether we are well. */
export function besideRoutes(side: HubSide, world: World): Hono<Asked> {
  const api = new Hono<Asked>()
  api.get('/federate', async (c) => {
    c.set('asker', await askerOf(c, side, world))
    return passOn(c, side, 'federate')
  })
  api.get('/-/healthy', (c) => c.text('Tandem is healthy.\n'))
  api.get('/-/ready', async (c) => {
    await side.metrics.ask({ route: 'query', name: '', params: 'query=1' })
    return c.text('Tandem is ready.\n')
  })
  api.onError(refusalOf(world))
  return api
}

async function passOn(c: Context, side: HubSide, route: AskRoute): Promise<Response> {
  const asked = { route, name: c.req.param('name') ?? '', params: await paramsOf(c) }
  return responseOf(await side.metrics.ask(asked, c.req.raw.signal))
}

function responseOf({ status, contentType, contentEncoding, body }: Answered): Response {
  const packed = contentEncoding === undefined ? {} : { 'content-encoding': contentEncoding }
  return new Response(body, { status, headers: { 'content-type': contentType, ...packed } })
}

/** What stands in the form and in the address, the form first, as in Go. */
async function paramsOf(c: Context): Promise<string> {
  const query = new URL(c.req.url).search.slice(1)
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? '')
  if (c.req.method === 'GET' || !isForm) return query
  return [await c.req.text(), query].filter((part) => part !== '').join('&')
}

const postOrPut = ['POST', 'PUT']

/** What alters what is kept. */
function addAdmin(api: Hono<Asked>, side: HubSide): void {
  api.on(postOrPut, '/admin/tsdb/snapshot', async (c) =>
    c.json({ status: 'success', data: { name: await side.metrics.snapshot() } }),
  )
  api.on(postOrPut, '/admin/tsdb/delete_series', async (c) => {
    const { name: who, door } = c.var.asker
    const deleted = await side.deleteSamples({ params: await paramsOf(c), who, door })
    if ('series' in deleted) return c.body(null, 204)
    return c.json({ status: 'error', errorType: 'bad_data', error: deleted.wrong }, 400)
  })
  api.on(postOrPut, '/admin/tsdb/clean_tombstones', async (c) => {
    await side.metrics.clean()
    return c.body(null, 204)
  })
}

/** In the words of Prometheus, and in ours for our own commands. */
function refusalOf(world: World): (thrown: Error, c: Context) => Response {
  return (thrown, c) => {
    if (!(thrown instanceof TroubleError)) world.broke(placeOf(c), thrown)
    const { status, said } = refusal(thrown)
    return c.json(said, status)
  }
}
