import { Hono } from 'hono'
import type { Asked, World } from '../person/auth.ts'
import type { HubSide } from '../hub-side.ts'
import { orRefuse } from '../refused.ts'
import { slowJson } from '../changes/slow-answer.ts'
import type { FarRoutes } from '../wire/far.ts'

/** How it stands with the engine of metrics beyond this machine. It is asked much, so that takes a while. */
export function farRoutes(side: Pick<HubSide, 'watching'>, world: World): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.get('/metrics/far', (c) =>
    slowJson<FarRoutes['GET /api/metrics/far']>(c, world, () =>
      orRefuse(409, () => side.watching.farReport()),
    ),
  )
  return routes
}
