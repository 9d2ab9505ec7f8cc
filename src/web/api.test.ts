import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeApi, RefusedError } from './api.ts'

type Sent = Readonly<{ path: string; init: RequestInit }>

/** An api whose requests are kept and answered alike. */
function answering(answer: () => Response | Promise<Response>) {
  const sent: Sent[] = []
  const fetching = ((path: string, init: RequestInit) => {
    sent.push({ path, init })
    return Promise.resolve().then(answer)
  }) as typeof fetch
  return { api: makeApi(fetching), sent }
}

const headersOf = (sent: Sent | undefined) => new Headers(sent?.init.headers)

test('everything that is not a GET carries the header that other sites cannot send', async () => {
  const { api, sent } = answering(() => Response.json({}))
  const wish = { change: 'c1', target: null, why: 'x' }
  await api.me()
  await Promise.all([
    api.signIn('secret'),
    api.signOut(),
    api.plan({ kind: 'deploy', wish: null, why: 'x' }),
    api.order({ kind: 'deploy', wish: null, why: 'x' }),
    api.planRevert(wish),
    api.revert(wish),
    api.stop('c1'),
    api.look(['web1']),
    api.facts(['web1']),
    api.makeRepo('shop'),
    api.orderRun('shop', 'refs/heads/main'),
    api.cancelRun('r1'),
    api.runAgain('r1'),
    api.hold('shop@production', 'x', null),
    api.release('shop@production', 'x'),
  ])
  const [first, ...rest] = sent
  assert.equal(headersOf(first).get('x-tandem'), null)
  assert.equal(rest.length, 15)
  for (const one of rest) assert.equal(headersOf(one).get('x-tandem'), '1', one.path)
})

test('a token goes in the body and in no address', async () => {
  const { api, sent } = answering(() => Response.json({}))
  await api.signIn('secret')
  assert.equal(sent[0]?.path, '/api/session')
  assert.equal(sent[0]?.init.body, '{"token":"secret"}')
})

test('a query names only what was asked for', async () => {
  const { api, sent } = answering(() => Response.json({}))
  await api.changes({ target: null, before: 'c9', limit: 50 })
  await api.changes({ target: 'shop@production', before: null, limit: 50 })
  assert.deepEqual(
    sent.map(({ path }) => path),
    ['/api/changes?before=c9&limit=50', '/api/changes?target=shop%40production&limit=50'],
  )
})

test('names of refs, files and jobs cannot leave their place in an address', async () => {
  const { api, sent } = answering(() => Response.json({}))
  await api.blob('shop', { ref: 'a&path=b', path: '../x?y#z' })
  await api.commit('../runs', 'a/b')
  await api.runLog('r1', { job: 'test (a&b)', attempt: 1, from: 0 })
  await api.release('shop@production/..', 'a b')
  assert.deepEqual(
    sent.map(({ path }) => path),
    [
      '/api/repos/shop/blob?ref=a%26path%3Db&path=..%2Fx%3Fy%23z',
      '/api/repos/..%2Fruns/commits/a%2Fb',
      '/api/runs/r1/log?job=test+%28a%26b%29&attempt=1&from=0',
      '/api/holds/shop%40production%2F..?why=a+b',
    ],
  )
})

test('a refusal is thrown with its status and the trouble of the hub', async () => {
  const trouble = { what: 'no', now: 'ask' }
  const { api } = answering(() => Response.json({ trouble }, { status: 409 }))
  await assert.rejects(api.stop('c1'), (thrown) => {
    assert.ok(thrown instanceof RefusedError)
    assert.deepEqual([thrown.status, thrown.trouble], [409, trouble])
    return true
  })
})

test('a plan that is refused after its answer has begun is thrown too', async () => {
  const trouble = { what: 'the build failed', now: 'mend it' }
  const { api } = answering(() => new Response(`  ${JSON.stringify({ trouble, status: 409 })}`))
  await assert.rejects(api.plan({ kind: 'deploy', wish: null, why: 'x' }), { trouble })
})

test('an answer without a reason and no answer at all say what to do now', async () => {
  const { api } = answering(() => new Response('<html>', { status: 502 }))
  await assert.rejects(api.me(), /answered with status 502/)
  const { api: cut } = answering(() => Promise.reject(new TypeError('fetch failed')))
  await assert.rejects(cut.me(), (thrown) => {
    assert.ok(thrown instanceof RefusedError)
    assert.equal(thrown.status, 0)
    assert.match(thrown.trouble.now, /check that it runs/)
    return true
  })
})
