import { type Context, Hono } from 'hono'
import type { Asked } from '../person/auth.ts'
import { bodies, bodyOf, placeOf, queries, queryOf } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { orRefuse, RefusedError } from '../refused.ts'
import type { EnvironmentFlags, FlagRoutes, FlagView, FlipWish } from '../wire/flags.ts'

/** Routes that show flags, say why somebody gets what, and keep the keys of programs. Flips are ordered like all changes. */
export function flagRoutes({ flags }: Pick<HubSide, 'flags'>): Hono<Asked> {
  const routes = new Hono<Asked>()
  const opened = (environment: string) => orRefuse(404, () => flags.of(environment))
  routes.get('/flags', async (c) => {
    const environments = await flags.environments()
    const { environment = usualOf(environments) } = queryOf(c, queries.flags)
    const here = await opened(environment)
    return c.json<FlagRoutes['GET /api/flags']>({
      environment,
      environments,
      rev: here.rev(),
      flags: here.list(),
      segments: here.segments(),
    })
  })
  routes.get('/flags/:key', async (c) => {
    const { environment = usualOf(await flags.environments()) } = queryOf(c, queries.flags)
    const flag = knownFlag(c, await opened(environment))
    const [history, rolling] = await Promise.all([
      flags.history(environment, flag.key),
      flags.rolling(environment, flag.key),
    ])
    const looked = flags.looked(environment, flag.key)
    return c.json<FlagRoutes['GET /api/flags/:key']>({ environment, flag, history, rolling, looked })
  })
  routes.post('/flags/:key/explain', async (c) => {
    const { environment, context } = await bodyOf(c, bodies.explain)
    const here = await opened(environment)
    const { key } = knownFlag(c, here)
    const explanation = here.flags.explain(key, context)
    return c.json<FlagRoutes['POST /api/flags/:key/explain']>({ environment, explanation })
  })
  addSchedules(routes, flags)
  addKeys(routes, flags)
  return routes
}

function addSchedules(routes: Hono<Asked>, { schedules }: HubSide['flags']): void {
  routes.get('/flag-schedules', async (c) =>
    c.json<FlagRoutes['GET /api/flag-schedules']>({ schedules: await schedules.list() }),
  )
  routes.post('/flag-schedules', async (c) => {
    const { wish, due, why } = await bodyOf(c, bodies.schedule)
    const asked = { wish: wish as unknown as FlipWish, due, why, who: c.var.asker.name }
    const schedule = await orRefuse(400, () => schedules.add(asked))
    return c.json<FlagRoutes['POST /api/flag-schedules']>({ schedule })
  })
  routes.delete('/flag-schedules/:id', async (c) => {
    const { why } = queryOf(c, queries.release)
    await orRefuse(404, () => schedules.cancel(c.req.param('id'), c.var.asker.name, why))
    return c.json<FlagRoutes['DELETE /api/flag-schedules/:id']>({ ok: true })
  })
}

function addKeys(routes: Hono<Asked>, { keys }: HubSide['flags']): void {
  routes.get('/flag-keys', async (c) => c.json<FlagRoutes['GET /api/flag-keys']>({ keys: await keys.list() }))
  routes.post('/flag-keys', async (c) => {
    const wish = await bodyOf(c, bodies.flagKey)
    const made = await orRefuse(404, () => keys.create({ ...wish, who: c.var.asker.name }))
    return c.json<FlagRoutes['POST /api/flag-keys']>(made)
  })
  routes.delete('/flag-keys/:id', async (c) => {
    if (await keys.revoke(c.req.param('id').slice(0, 100)))
      return c.json<FlagRoutes['DELETE /api/flag-keys/:id']>({ ok: true })
    throw new RefusedError(404, {
      what: 'there is no such key',
      where: placeOf(c),
      now: 'see `tandem flag key list` for the ones there are',
    })
  })
}

/** Where people mostly look. */
function usualOf(environments: readonly string[]): string {
  return environments.includes('production') ? 'production' : (environments[0] ?? 'production')
}

function knownFlag(c: Context<Asked>, here: EnvironmentFlags): FlagView {
  const key = c.req.param('key') ?? ''
  const view = here.flag(key)
  if (view !== null) return view
  throw new RefusedError(404, {
    what: `there is no flag '${key.slice(0, 80)}' in ${here.environment}`,
    where: placeOf(c),
    now: 'see `tandem flag list` for the ones there are',
  })
}
