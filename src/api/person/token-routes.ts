import { Hono } from 'hono'
import type { Asked, World } from './auth.ts'
import { bodies, bodyOf, placeOf } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { RefusedError } from '../refused.ts'
import type { Routes } from '../wire/wire.ts'

const dayMs = 86_400_000

/** Routes that make, list and revoke tokens. Who may only look sees their own. */
export function tokenRoutes(side: HubSide, world: World): Hono<Asked> {
  const { tokens } = side.store
  const routes = new Hono<Asked>()
  routes.get('/tokens', async (c) => {
    const { name, may } = c.var.asker
    const all = await tokens.list()
    const shown = may === 'everything' ? all : all.filter((token) => token.person === name)
    return c.json<Routes['GET /api/tokens']>({ tokens: shown })
  })
  routes.post('/tokens', async (c) => {
    const { person, label, days } = await bodyOf(c, bodies.token)
    if (side.may(person) === null) throw unknownPerson(person, placeOf(c))
    const at = world.now()
    const made = await tokens.create(person, label, at, days === null ? null : at + days * dayMs)
    return c.json<Routes['POST /api/tokens']>(made)
  })
  routes.delete('/tokens/:id', async (c) => {
    const isGone = await tokens.revoke(c.req.param('id').slice(0, 100))
    if (!isGone) throw unknownToken(placeOf(c))
    return c.json<Routes['DELETE /api/tokens/:id']>({ ok: true })
  })
  return routes
}

const unknownPerson = (person: string, where: string) =>
  new RefusedError(404, {
    what: `${person} is not of the team`,
    where,
    now: `add ${person} to \`people\` in tandem.ts first`,
  })

const unknownToken = (where: string) =>
  new RefusedError(404, {
    what: 'there is no such token',
    where,
    now: 'see `tandem token list` for the ones there are',
  })
