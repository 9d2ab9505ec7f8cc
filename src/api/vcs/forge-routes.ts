import { Hono } from 'hono'
import type { Asked } from '../person/auth.ts'
import { placeOf } from '../body.ts'
import type { ForgeSide } from '../hub-side.ts'
import { RefusedError } from '../refused.ts'
import type { CodeRoutes } from '../wire/code.ts'

/** How repositories that forges hold are followed. */
export function forgeRoutes(forges: ForgeSide): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.get('/repos/:repo/forge', async (c) => {
    const repo = c.req.param('repo')
    const forge = await forges.view(repo)
    if (forge === null) {
      throw new RefusedError(404, {
        what: `no forge holds a repository ${repo.slice(0, 40)}`,
        where: placeOf(c),
        now: `add \`forge\` to it in \`repos\` of tandem.ts, or see \`tandem repo list\``,
      })
    }
    return c.json<CodeRoutes['GET /api/repos/:repo/forge']>({ forge })
  })
  return routes
}
