import { Hono } from 'hono'
import type { Asked } from '../person/auth.ts'
import type { HubSide } from '../hub-side.ts'
import { orRefuse } from '../refused.ts'
import type { CodeRoutes } from '../wire/code.ts'

/** What the hub keeps of what was built. */
export function releaseRoutes(side: Pick<HubSide, 'releases'>): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.get('/releases', async (c) => {
    const releases = await orRefuse(409, () => side.releases())
    return c.json<CodeRoutes['GET /api/releases']>({ releases })
  })
  return routes
}
