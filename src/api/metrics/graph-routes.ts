import { Hono } from 'hono'
import type { Asked } from '../person/auth.ts'
import type { HubSide } from '../hub-side.ts'
import { orRefuse } from '../refused.ts'
import type { GraphRoutes } from '../wire/graphs.ts'

/** Pages of graphs, as the team has written them. */
export function graphRoutes({ graphPages }: Pick<HubSide, 'graphPages'>): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.get('/graph-pages', async (c) =>
    c.json<GraphRoutes['GET /api/graph-pages']>({ pages: await orRefuse(409, () => graphPages()) }),
  )
  return routes
}
