import type { Context } from 'hono'
import { Hono } from 'hono'
import type { Order } from '../../change/order.ts'
import type { Asked, Asker, World } from '../person/auth.ts'
import { bodies, bodyOf, changeId, placeOf, queries, queryOf } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { orRefuse, RefusedError } from '../refused.ts'
import { slowJson } from './slow-answer.ts'
import { detailOf, viewOf } from './views.ts'
import type { ChangeView, OrderWish, Routes } from '../wire/wire.ts'

/** Routes that show, order, stop and revert changes. */
export function changeRoutes(side: HubSide, world: World): Hono<Asked> {
  const { ledger, log } = side.store
  const routes = new Hono<Asked>()
  routes.get('/changes', async (c) => {
    const { target = null, before = null, limit } = queryOf(c, queries.changes)
    const ids = await ledger.changes({ target, before, limit })
    const changes = await changeViews(side, ids)
    return c.json<Routes['GET /api/changes']>({ changes })
  })
  routes.get('/changes/:id', async (c) => {
    const { id, entries } = await knownChange(c, side)
    const detail = detailOf(entries, await ledger.revertedBy(id), c.var.asker.may)
    return c.json<Routes['GET /api/changes/:id']>(detail)
  })
  routes.get('/changes/:id/log', async (c) => {
    const { after, limit } = queryOf(c, queries.log)
    const { id } = await knownChange(c, side)
    return c.json<Routes['GET /api/changes/:id/log']>({ lines: await log.of(id, after, limit) })
  })
  addOrders(routes, side, world)
  addReverts(routes, side, world)
  addOrdersToStop(routes, side)
  return routes
}

function addOrders(routes: Hono<Asked>, side: HubSide, world: World): void {
  routes.post('/changes', async (c) => {
    const order = await orderOf(side, await bodyOf(c, bodies.order), c.var.asker)
    return c.json<Routes['POST /api/changes']>({ id: await orRefuse(409, () => side.propose(order)) })
  })
  routes.post('/plans', async (c) => {
    const order = await orderOf(side, await bodyOf(c, bodies.order), c.var.asker)
    return slowJson<Routes['POST /api/plans']>(c, world, async () => ({
      plan: await orRefuse(409, () => side.plan(order)),
      target: order.target,
    }))
  })
}

function addReverts(routes: Hono<Asked>, side: HubSide, world: World): void {
  routes.post('/reverts', async (c) => {
    const order = await revertOrder(c, side)
    return c.json<Routes['POST /api/reverts']>({ id: await orRefuse(409, () => side.propose(order)) })
  })
  routes.post('/reverts/plan', async (c) => {
    const order = await revertOrder(c, side)
    return slowJson<Routes['POST /api/reverts/plan']>(c, world, async () => ({
      plan: await orRefuse(409, () => side.plan(order)),
      target: order.target,
      reverts: order.reverts ?? '',
    }))
  })
}

function addOrdersToStop(routes: Hono<Asked>, side: HubSide): void {
  routes.post('/changes/:id/stop', async (c) => {
    const { id } = await knownChange(c, side)
    const { name, door } = c.var.asker
    await orRefuse(409, () => side.stop(id, name, door))
    return c.json<Routes['POST /api/changes/:id/stop']>({ ok: true })
  })
  routes.post('/changes/:id/overrule', async (c) => {
    const { why } = await bodyOf(c, bodies.overrule)
    const { id } = await knownChange(c, side)
    await orRefuse(409, () => side.overrule(id, c.var.asker.name, why))
    return c.json<Routes['POST /api/changes/:id/overrule']>({ ok: true })
  })
}

async function orderOf(side: HubSide, body: OrderWish, asker: Asker): Promise<Order> {
  const { target, wish } = await orRefuse(400, () => side.accept(body.kind, body.wish))
  const { name: who, door } = asker
  return { kind: body.kind, target, wish, who, door, why: body.why, reverts: null }
}

async function revertOrder(c: Context<Asked>, side: HubSide): Promise<Order> {
  const { change, target, why } = await bodyOf(c, bodies.revert)
  if (change !== null) await existingEntries(c, side, change)
  const order = await orRefuse(409, () => side.revertOf(change, target))
  const { name: who, door } = c.var.asker
  return { ...order, who, door, why }
}

async function changeViews({ store }: HubSide, ids: readonly string[]): Promise<readonly ChangeView[]> {
  const entries = await store.ledger.ofMany(ids)
  const revertedBy = await Promise.all(ids.map((id) => store.ledger.revertedBy(id)))
  return entries.map((each, nth) => viewOf(each, revertedBy[nth] ?? null))
}

async function knownChange(c: Context<Asked>, side: HubSide) {
  const id = c.req.param('id') ?? ''
  return { id, entries: await existingEntries(c, side, id) }
}

async function existingEntries(c: Context<Asked>, side: HubSide, id: string) {
  const entries = changeId.safeParse(id).success ? await side.store.ledger.of(id) : []
  if (entries.length > 0) return entries
  throw new RefusedError(404, {
    what: `there is no change ${id.slice(0, 40)}`,
    where: placeOf(c),
    now: 'see `tandem log` for the ones there are',
  })
}
