import { Hono } from 'hono'
import type { Asked } from '../person/auth.ts'
import { bodies, bodyOf, queries, queryOf } from '../body.ts'
import type { TrainSide } from '../hub-side.ts'
import { orRefuse } from '../refused.ts'
import type { CodeRoutes } from '../wire/code.ts'

/** What goes out by itself, and what is held back. */
export function trainRoutes(train: TrainSide): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.get('/train', async (c) =>
    c.json<CodeRoutes['GET /api/train']>(await orRefuse(409, () => train.view())),
  )
  routes.post('/holds', async (c) => {
    const wish = await bodyOf(c, bodies.hold)
    const hold = await orRefuse(409, () => train.hold({ ...wish, who: c.var.asker.name }))
    return c.json<CodeRoutes['POST /api/holds']>({ hold })
  })
  routes.delete('/holds/:target', async (c) => {
    const { why } = queryOf(c, queries.release)
    await orRefuse(409, () => train.release(c.req.param('target'), c.var.asker.name, why))
    return c.json<CodeRoutes['DELETE /api/holds/:target']>({ ok: true })
  })
  return routes
}
