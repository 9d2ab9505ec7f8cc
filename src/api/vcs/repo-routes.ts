import { Hono } from 'hono'
import { z } from 'zod'
import type { Asked } from '../person/auth.ts'
import { bodyOf, queries, queryOf } from '../body.ts'
import type { PlaceAsked, RepoSide } from '../hub-side.ts'
import { orRefuse } from '../refused.ts'
import type { CodeRoutes } from '../wire/code.ts'

/** Code, as it was pushed. Nothing of it is carried out or understood here. */
export function repoRoutes(repos: RepoSide): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.get('/repos', async (c) => c.json<CodeRoutes['GET /api/repos']>({ repos: await repos.list() }))
  routes.post('/repos', async (c) => {
    const { name } = await bodyOf(c, z.strictObject({ name: z.string().max(100) }))
    const made = await orRefuse(409, () => repos.make(name, c.var.asker.name))
    return c.json<CodeRoutes['POST /api/repos']>(made)
  })
  routes.get('/repos/:repo', async (c) => c.json(await found(() => repos.show(c.req.param('repo')))))
  routes.get('/repos/:repo/commits', async (c) => {
    const { after, limit, ...place } = queryOf(c, queries.commits)
    const asked = { ...askedOf(place), after: after ?? null, limit }
    return c.json(await found(() => repos.commits(c.req.param('repo'), asked)))
  })
  routes.get('/repos/:repo/commits/:commit', async (c) =>
    c.json(await found(() => repos.commit(c.req.param('repo'), c.req.param('commit')))),
  )
  routes.post('/repos/:repo/commits/:commit/plan', async (c) => {
    const [repo, commit] = [c.req.param('repo'), c.req.param('commit')]
    const plan = await orRefuse(409, () => repos.plan(repo, commit, c.var.asker.name))
    return c.json<CodeRoutes['POST /api/repos/:repo/commits/:commit/plan']>({ plan })
  })
  for (const what of ['tree', 'blob', 'blame'] as const) {
    routes.get(`/repos/:repo/${what}`, async (c) => {
      const asked = askedOf(queryOf(c, queries.place))
      return c.json(await found<object>(() => repos[what](c.req.param('repo'), asked)))
    })
  }
  routes.get('/repos/:repo/asides', async (c) => {
    const { before, limit } = queryOf(c, queries.asides)
    const asides = await found(() => repos.asides(c.req.param('repo'), { before: before ?? null, limit }))
    return c.json<CodeRoutes['GET /api/repos/:repo/asides']>({ asides })
  })
  routes.get('/repos/:repo/tests', async (c) => {
    const { sort } = queryOf(c, queries.tests)
    const tests = await found(() => repos.tests(c.req.param('repo'), sort))
    return c.json<CodeRoutes['GET /api/repos/:repo/tests']>({ tests })
  })
  return routes
}

/** An empty ref is none. */
const askedOf = ({ ref = '', path }: Readonly<{ ref?: string | undefined; path: string }>): PlaceAsked => ({
  ref: ref === '' ? null : ref,
  path,
})

const found = <T>(ask: () => Promise<T>): Promise<T> => orRefuse(404, ask)
