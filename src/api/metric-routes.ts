import { Hono } from 'hono'
import type { Asked } from './auth.ts'
import { bodies, bodyOf, placeOf } from './body.ts'
import type { HubSide } from './hub-side.ts'
import { RefusedError } from './refused.ts'
import type { MetricRoutes } from './wire-metrics.ts'

/** Routes that make, list and revoke the keys of whoever sends samples. */
export function metricRoutes({ writeKeys }: Pick<HubSide, 'writeKeys'>): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.get('/metric-keys', async (c) =>
    c.json<MetricRoutes['GET /api/metric-keys']>({ keys: await writeKeys.list() }),
  )
  routes.post('/metric-keys', async (c) => {
    const { name } = await bodyOf(c, bodies.metricKey)
    const made = await writeKeys.create({ name, who: c.var.asker.name })
    return c.json<MetricRoutes['POST /api/metric-keys']>(made)
  })
  routes.delete('/metric-keys/:id', async (c) => {
    if (await writeKeys.revoke(c.req.param('id').slice(0, 100)))
      return c.json<MetricRoutes['DELETE /api/metric-keys/:id']>({ ok: true })
    throw new RefusedError(404, {
      what: 'there is no such key',
      where: placeOf(c),
      now: 'see `tandem metrics key list` for the ones there are',
    })
  })
  return routes
}
