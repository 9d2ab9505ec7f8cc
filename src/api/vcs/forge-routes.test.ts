import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forgeRoutes } from './forge-routes.ts'
import { RefusedError } from '../refused.ts'
import type { ForgeView } from '../wire/code.ts'

const view: ForgeView = {
  repo: 'shop',
  kind: 'github',
  url: 'https://github.com/team/shop',
  hook: {
    path: '/hooks/shop',
    url: null,
    secret: 'HOOK',
    isSecretSet: true,
    isWeak: false,
    taken: 1,
    lastTakenAt: 5,
    repeated: 0,
    refused: 0,
    lastRefusal: null,
  },
  looked: { at: 5, trouble: null, refused: [] },
  statuses: { token: null, waiting: 0, sentAt: null, trouble: null },
  requests: [],
}

const routes = forgeRoutes({
  take: async () => ({ status: 404, says: '' }),
  view: async (repo) => (repo === 'shop' ? view : null),
})
routes.onError((thrown, c) => {
  assert.ok(thrown instanceof RefusedError)
  return c.json(thrown.trouble, thrown.status)
})

test('how a repository is followed is told as it is', async () => {
  const answer = await routes.request('/repos/shop/forge')
  assert.deepEqual([answer.status, await answer.json()], [200, { forge: view }])
})

test('a repository that no forge holds is named, and how it would be', async () => {
  const answer = await routes.request('/repos/infra/forge')
  const { what, now } = (await answer.json()) as { what: string; now: string }
  assert.deepEqual([answer.status, what], [404, 'no forge holds a repository infra'])
  assert.match(now, /`forge`/)
})
