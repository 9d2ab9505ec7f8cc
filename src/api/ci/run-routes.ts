import { type Context, Hono } from 'hono'
import type { Run } from '../../store/runs.ts'
import type { Asked } from '../person/auth.ts'
import { bodies, bodyOf, placeOf, queries, queryOf } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { orRefuse, RefusedError } from '../refused.ts'
import type { CodeRoutes } from '../wire/code.ts'

/** What was run on which commit, and how that went. */
export function runRoutes({ runs, store }: Pick<HubSide, 'runs' | 'store'>): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.get('/runs', async (c) => {
    const { repo = null, commit = null, ref = null, before = null, limit } = queryOf(c, queries.runs)
    return c.json<CodeRoutes['GET /api/runs']>({
      runs: await store.runs.list({ repo, commit, ref, before, limit }),
    })
  })
  routes.post('/runs', async (c) => {
    const { repo, ref } = await bodyOf(c, bodies.run)
    const { name: who, door } = c.var.asker
    const run = await orRefuse(409, () => runs.order({ repo, ref, who, door, commit: null, again: true }))
    return c.json<CodeRoutes['POST /api/runs']>({ run })
  })
  routes.get('/runs/:run', async (c) =>
    c.json<CodeRoutes['GET /api/runs/:run']>({ run: await knownRun(c, store) }),
  )
  routes.get('/runs/:run/log', async (c) => {
    const { job, attempt = null, from } = queryOf(c, queries.runLog)
    const { id: run } = await knownRun(c, store)
    const log = await orRefuse(400, () => runs.log({ run, job, attempt, from }))
    return c.json<CodeRoutes['GET /api/runs/:run/log']>(log)
  })
  routes.post('/runs/:run/cancel', async (c) => {
    const { id } = await knownRun(c, store)
    await orRefuse(409, () => runs.cancel(id, c.var.asker.name))
    return c.json<CodeRoutes['POST /api/runs/:run/cancel']>({ ok: true })
  })
  routes.post('/runs/:run/again', async (c) => {
    const { id } = await knownRun(c, store)
    const { name: who, door } = c.var.asker
    const run = await orRefuse(409, () => runs.again(id, who, door))
    return c.json<CodeRoutes['POST /api/runs/:run/again']>({ run })
  })
  return routes
}

async function knownRun(c: Context<Asked>, store: HubSide['store']): Promise<Run> {
  const id = c.req.param('run') ?? ''
  const run = await store.runs.get(id)
  if (run !== null) return run
  throw new RefusedError(404, {
    what: `there is no run ${id.slice(0, 40)}`,
    where: placeOf(c),
    now: 'see `GET /api/runs` for the ones there are',
  })
}
