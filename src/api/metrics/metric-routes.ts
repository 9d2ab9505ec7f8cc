import { Hono } from 'hono'
import { type Aside, samplesAbout } from '../../change/occurrence.ts'
import type { Asked } from '../person/auth.ts'
import { bodies, bodyOf, placeOf, queries, queryOf } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { RefusedError } from '../refused.ts'
import type { DeletionView, MetricRoutes } from '../wire/metrics.ts'

/** Routes for the keys of whoever sends samples, and for what there is most of what was sent and is to be deleted. */
export function metricRoutes(
  side: Pick<HubSide, 'writeKeys' | 'deleteSamples' | 'metrics' | 'store'>,
): Hono<Asked> {
  const { writeKeys, metrics } = side
  const routes = new Hono<Asked>()
  routes.get('/metric-top', async (c) =>
    c.json<MetricRoutes['GET /api/metric-top']>(await metrics.top(queryOf(c, queries.top).limit)),
  )
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
  addDeletions(routes, side)
  return routes
}

function addDeletions(
  routes: Hono<Asked>,
  { deleteSamples, store }: Pick<HubSide, 'deleteSamples' | 'store'>,
): void {
  routes.get('/metric-deletions', async (c) => {
    const { limit } = queryOf(c, queries.deletions)
    const asides = await store.ledger.asides({ about: samplesAbout, before: null, limit })
    const deletions = asides.flatMap((aside) => (aside.type === 'delete-ordered' ? [viewOf(aside)] : []))
    return c.json<MetricRoutes['GET /api/metric-deletions']>({ deletions })
  })
  routes.post('/metric-deletions', async (c) => {
    const { selector, from, to } = await bodyOf(c, bodies.deletion)
    const params = new URLSearchParams({ 'match[]': selector })
    if (from !== null) params.set('start', `${from / 1000}`)
    if (to !== null) params.set('end', `${to / 1000}`)
    const { name: who, door } = c.var.asker
    const deleted = await deleteSamples({ params: params.toString(), who, door })
    if ('series' in deleted) return c.json<MetricRoutes['POST /api/metric-deletions']>(deleted)
    throw new RefusedError(400, {
      what: deleted.wrong,
      now: 'name series as docs/guide/promql.md does: up{job="web"}',
    })
  })
}

const viewOf = ({
  at,
  who,
  door,
  selectors,
  from,
  to,
}: Extract<Aside, { type: 'delete-ordered' }>): DeletionView => ({ at, who, door, selectors, from, to })
