import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import { TroubleError } from '../../change/trouble.ts'
import type { Asked } from '../person/auth.ts'
import type { RepoSide } from '../hub-side.ts'
import { RefusedError } from '../refused.ts'
import { repoRoutes } from './repo-routes.ts'

/** Answers with what it was asked. */
function echo() {
  const asked: unknown[] = []
  const told =
    (name: string) =>
    async (...words: unknown[]): Promise<never> => {
      asked.push([name, ...words])
      if (words[0] === 'gone')
        throw new TroubleError({ what: 'the hub has no repository "gone"', now: 'look' })
      return [] as never
    }
  const side: RepoSide = {
    git: told('git'),
    list: told('list'),
    make: told('make'),
    show: told('show'),
    commits: told('commits'),
    commit: told('commit'),
    plan: told('plan'),
    tree: told('tree'),
    blob: told('blob'),
    blame: told('blame'),
    asides: told('asides'),
    flagPlaces: told('flagPlaces'),
    tests: told('tests'),
  }
  const asker = { name: 'ada', may: 'everything', door: 'api', secret: '' } as const
  const routes = new Hono<Asked>().use(async (c, next) => {
    c.set('asker', asker)
    await next()
  })
  routes.route('/', repoRoutes(side))
  routes.onError((thrown, c) => {
    assert.ok(thrown instanceof RefusedError)
    return c.json(thrown.trouble, thrown.status)
  })
  return { routes, asked }
}

const hash = 'a'.repeat(40)

for (const { path, asks } of [
  { path: '/repos', asks: ['list'] },
  { path: '/repos/shop', asks: ['show', 'shop'] },
  {
    path: '/repos/shop/commits',
    asks: ['commits', 'shop', { ref: null, path: '', after: null, limit: 50 }],
  },
  {
    path: `/repos/shop/commits?ref=refs/pull/3/head&path=src&after=${hash}&limit=7`,
    asks: ['commits', 'shop', { ref: 'refs/pull/3/head', path: 'src', after: hash, limit: 7 }],
  },
  { path: '/repos/shop/commits/v1%2F2', asks: ['commit', 'shop', 'v1/2'] },
  { path: '/repos/shop/tree?ref=', asks: ['tree', 'shop', { ref: null, path: '' }] },
  { path: '/repos/shop/blob?path=a%0Ab%20', asks: ['blob', 'shop', { ref: null, path: 'a\nb ' }] },
  { path: '/repos/shop/blame?ref=-x&path=-y', asks: ['blame', 'shop', { ref: '-x', path: '-y' }] },
  { path: '/repos/shop/asides', asks: ['asides', 'shop', { before: null, limit: 50 }] },
  { path: '/repos/shop/asides?before=9&limit=2', asks: ['asides', 'shop', { before: 9, limit: 2 }] },
  { path: '/repos/shop/tests', asks: ['tests', 'shop', 'failing'] },
  { path: '/repos/shop/tests?sort=slow', asks: ['tests', 'shop', 'slow'] },
])
  test(`GET ${path} asks the hub for it`, async () => {
    const { routes, asked } = echo()
    const answer = await routes.request(path)
    assert.deepEqual([answer.status, asked], [200, [asks]])
  })

for (const path of [
  '/repos/shop/commits?limit=0',
  '/repos/shop/commits?after=main',
  '/repos/shop/tree?deep=1',
  '/repos/shop/asides?before=x',
  '/repos/shop/tests?sort=names',
])
  test(`GET ${path} is refused`, async () => {
    const { routes, asked } = echo()
    assert.deepEqual([(await routes.request(path)).status, asked], [400, []])
  })

test('what is not there is not found, with what to do now', async () => {
  for (const place of ['', '/commits', '/commits/main', '/tree', '/blob', '/blame', '/asides', '/tests']) {
    const answer = await echo().routes.request(`/repos/gone${place}`)
    assert.equal(answer.status, 404)
    assert.match(await answer.text(), /the hub has no repository/)
  }
})

test('a plan is made anew in the name of who wants it, and a repository without any says so', async () => {
  const { routes, asked } = echo()
  const [made, refused] = [`/repos/infra/commits/${hash}/plan`, '/repos/gone/commits/main/plan']
  assert.equal((await routes.request(made, { method: 'POST' })).status, 200)
  assert.equal((await routes.request(refused, { method: 'POST' })).status, 409)
  assert.deepEqual(asked, [
    ['plan', 'infra', hash, 'ada'],
    ['plan', 'gone', 'main', 'ada'],
  ])
})

test('a repository is made in the name of who wants it, and what is in the way is told', async () => {
  const { routes, asked } = echo()
  const make = (name: string) =>
    routes.request('/repos', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    })
  assert.equal((await make('shop')).status, 200)
  assert.equal((await make('gone')).status, 409)
  assert.deepEqual(asked, [
    ['make', 'shop', 'ada'],
    ['make', 'gone', 'ada'],
  ])
})
