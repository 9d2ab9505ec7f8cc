import { Hono } from 'hono'
import type { Asked, World } from '../person/auth.ts'
import { bodies, bodyOf } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { orRefuse } from '../refused.ts'
import { slowJson } from '../changes/slow-answer.ts'
import type { Routes } from '../wire/wire.ts'

/** Routes that look at hosts and change nothing: everybody of the team may. Many hosts may take their time. */
export function infraRoutes({ infra }: Pick<HubSide, 'infra'>, world: World): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.get('/drift', async (c) =>
    c.json<Routes['GET /api/drift']>({ hosts: await orRefuse(409, () => infra.lastDrift()) }),
  )
  routes.post('/drift', async (c) => {
    const { on } = await bodyOf(c, bodies.hosts)
    return slowJson<Routes['POST /api/drift']>(c, world, async () => ({
      hosts: await orRefuse(409, () => infra.drift(on)),
    }))
  })
  routes.post('/facts', async (c) => {
    const { on } = await bodyOf(c, bodies.hosts)
    return slowJson<Routes['POST /api/facts']>(c, world, async () => ({
      hosts: await orRefuse(409, () => infra.facts(on)),
    }))
  })
  routes.post('/programs', async (c) => {
    const { on } = await bodyOf(c, bodies.hosts)
    return slowJson<Routes['POST /api/programs']>(c, world, async () => ({
      programs: await orRefuse(409, () => infra.programs(on)),
    }))
  })
  return routes
}
