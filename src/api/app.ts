import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { TroubleError, troubleOf } from '../change/trouble.ts'
import { type Asked, askerOf, type World } from './person/auth.ts'
import { bodyLimitBytes, placeOf, queries, queryOf } from './body.ts'
import { changeRoutes } from './changes/changes.ts'
import { type EventMaker, makeEventMaker, streamEvents } from './changes/events.ts'
import type { HubSide } from './hub-side.ts'
import { flagRoutes } from './flags/flag-routes.ts'
import { flagUseRoutes } from './flags/flag-use-routes.ts'
import { forgeRoutes } from './vcs/forge-routes.ts'
import { graphRoutes } from './metrics/graph-routes.ts'
import { hookRoutes } from './vcs/hook-routes.ts'
import { infraRoutes } from './infra/infra-routes.ts'
import { markRoutes } from './metrics/mark-routes.ts'
import { metricRoutes } from './metrics/metric-routes.ts'
import { orRefuse, RefusedError, type RefusalStatus } from './refused.ts'
import { farRoutes } from './metrics/far-routes.ts'
import { releaseRoutes } from './ci/release-routes.ts'
import { runRoutes } from './ci/run-routes.ts'
import { securityHeaders } from './serve/security-headers.ts'
import { loginRoute, sessionRoutes } from './person/session.ts'
import { besideRoutes, prometheusRoutes } from './prometheus/prometheus-routes.ts'
import { repoRoutes } from './vcs/repo-routes.ts'
import { trainRoutes } from './ci/train-routes.ts'
import { tokenRoutes } from './person/token-routes.ts'
import type { Refusal, Routes } from './wire/wire.ts'

/** Every way into the hub: answers HTTP from far away and `app.request()` from the CLI in the same process. */
export function makeApi(side: HubSide, world: World): Hono {
  const api = new Hono()
  api.use(securityHeaders)
  api.use('/api/*', async (c, next) => {
    const startedAt = performance.now()
    await next()
    side.answered(c.req.method, c.res.status, performance.now() - startedAt)
  })
  api.use('/api/*', bodyLimit({ maxSize: bodyLimitBytes, onError: refuseLongBody }))
  api.get('/api/version', (c) => c.json<Routes['GET /api/version']>({ version: side.version }))
  api.route('/hooks', hookRoutes(side.forges, world))
  api.route('/api/v1', prometheusRoutes(side, world))
  api.route('/', besideRoutes(side, world))
  api.route('/api', loginRoute(side, world))
  api.route('/api', membersOnly(side, world))
  api.onError((thrown, c) => {
    if (!(thrown instanceof TroubleError)) world.broke(placeOf(c), thrown)
    const status: RefusalStatus = thrown instanceof RefusedError ? thrown.status : 500
    return c.json<Refusal>({ trouble: troubleOf(thrown) }, status)
  })
  return api
}

function membersOnly(side: HubSide, world: World): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.use(async (c, next) => {
    c.set('asker', await askerOf(c, side, world))
    await next()
  })
  routes.route('/', sessionRoutes())
  routes.route('/', changeRoutes(side, world))
  routes.route('/', tokenRoutes(side, world))
  routes.route('/', infraRoutes(side, world))
  routes.route('/', graphRoutes(side))
  routes.route('/', markRoutes(side, world))
  routes.route('/', flagRoutes(side))
  routes.route('/', flagUseRoutes(side))
  routes.route('/', metricRoutes(side))
  routes.route('/', forgeRoutes(side.forges))
  routes.route('/', repoRoutes(side.repos))
  routes.route('/', trainRoutes(side.train))
  routes.route('/', releaseRoutes(side))
  routes.route('/', farRoutes(side, world))
  routes.route('/', runRoutes(side))
  routes.get('/status', async (c) =>
    c.json<Routes['GET /api/status']>(await orRefuse(409, () => side.status())),
  )
  routes.get('/verify', async (c) => c.json<Routes['GET /api/verify']>(await side.store.ledger.verify()))
  addEvents(routes, side, world)
  routes.all('*', (c) => {
    throw unknownRoute(placeOf(c), side.version)
  })
  return routes
}

function addEvents(routes: Hono<Asked>, side: HubSide, world: World): void {
  const eventOf: EventMaker = makeEventMaker(side)
  routes.get('/events', async (c) => {
    const { after } = queryOf(c, queries.events)
    const resumed = /^\d{1,15}$/.exec(c.req.header('last-event-id') ?? '')?.[0]
    const from = resumed === undefined ? after : Number(resumed)
    const seq = from ?? (await side.store.ledger.lastSeq())
    return streamEvents(c, side, { asker: c.var.asker, after: seq, world, eventOf })
  })
}

const refuseLongBody = (): never => {
  throw new RefusedError(400, {
    what: `the body is over ${bodyLimitBytes} bytes`,
    now: 'send less: a wish names things, it does not carry them',
  })
}

const unknownRoute = (place: string, version: string): RefusedError =>
  new RefusedError(404, {
    what: `this hub (tandem ${version}) has no ${place}`,
    now: 'if your `tandem version` is another, install the same one on both sides',
  })
