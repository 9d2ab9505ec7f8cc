import { Hono } from 'hono'
import type { Asked } from '../person/auth.ts'
import { bodies, bodyOf, queries, queryOf } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { orRefuse } from '../refused.ts'
import type { FlagUseRoutes } from '../wire/flag-use.ts'

/** Routes that say how flags are used, and whom an edit would reach. They are numbers: people are told by none of them. */
export function flagUseRoutes({
  flagUse,
  flags,
  repos,
}: Pick<HubSide, 'flagUse' | 'flags' | 'repos'>): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.get('/flag-use', async (c) => {
    const { environment = 'production' } = queryOf(c, queries.flags)
    return c.json<FlagUseRoutes['GET /api/flag-use']>(await orRefuse(404, () => flagUse.of(environment)))
  })
  routes.get('/flag-use/:key', async (c) => {
    const { environment = 'production' } = queryOf(c, queries.flags)
    const use = await orRefuse(404, () => flagUse.history(environment, c.req.param('key')))
    return c.json<FlagUseRoutes['GET /api/flag-use/:key']>({ environment, use })
  })
  routes.post('/flag-use/:key/reach', async (c) => {
    const { environment, flag } = await bodyOf(c, bodies.reach)
    const key = c.req.param('key')
    const { flag: known } = (await orRefuse(404, () => flags.of(environment))).flag(key) ?? { flag: null }
    return c.json<FlagUseRoutes['POST /api/flag-use/:key/reach']>({
      environment,
      now: known === null ? null : await flagUse.reach(environment, key, known),
      wanted: await orRefuse(400, () => flagUse.reach(environment, key, flag)),
    })
  })
  routes.post('/flag-places', async (c) => {
    const { repo, ref, flags: keys } = await bodyOf(c, bodies.places)
    const search = await orRefuse(404, () => repos.flagPlaces(repo, ref, keys))
    return c.json<FlagUseRoutes['POST /api/flag-places']>({ search })
  })
  return routes
}
