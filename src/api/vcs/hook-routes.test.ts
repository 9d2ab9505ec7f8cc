import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { Hono } from 'hono'
import { hookLimits, hookRoutes } from './hook-routes.ts'
import type { ForgeSide, Webhook } from '../hub-side.ts'
import { serve } from '../serve/serve.ts'

type Taken = Readonly<{ repo: string; event: string | null; body: string }>
type Answered = Readonly<{ status: number; says: string; retryAfter: string | undefined }>

test('the bytes and the headers of a webhook reach the hub as they came', async () => {
  await using world = await hookWorld()
  const body = '{"a": 1}  \n\u00e9'
  assert.deepEqual(await world.post('/hooks/shop', body, { 'x-github-event': 'push' }), {
    status: 202,
    says: 'taken',
    retryAfter: undefined,
  })
  assert.deepEqual(world.taken, [{ repo: 'shop', event: 'push', body }])
  assert.equal((await world.post('/hooks/shop', '')).status, 202)
})

test('what is too large is refused, whether it says so or not, and the hub goes on', async () => {
  await using world = await hookWorld({ bodyBytes: 1_000 })
  const large = 'x'.repeat(1_001)
  assert.equal((await world.post('/hooks/shop', large)).status, 413)
  assert.equal((await world.post('/hooks/shop', large, { 'transfer-encoding': 'chunked' })).status, 413)
  assert.equal((await world.post('/hooks/shop', 'x'.repeat(1_000))).status, 202)
  assert.equal(world.taken.length, 1)
})

test('who sends slowly is cut off, and only so many are read at a time', async () => {
  await using world = await hookWorld({ bodyMs: 150, atOnce: 1 })
  const slow = connect(world.port, '127.0.0.1')
  slow.write('POST /hooks/shop HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc')
  let heard = ''
  slow.setEncoding('utf8').on('data', (text: string) => {
    heard += text
  })
  while (world.open() === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await new Promise((resolve) => setTimeout(resolve, 30))
  const busy = await world.post('/hooks/shop', 'x')
  assert.deepEqual([busy.status, busy.retryAfter], [503, '5'])
  await once(slow, 'close')
  assert.match(heard, /^HTTP\/1.1 408 /)
  assert.equal((await world.post('/hooks/shop', 'x')).status, 202)
})

test('an address whose webhooks were refused too often has to wait, another one need not', async () => {
  await using world = await hookWorld({ refusals: 3 })
  for (let nth = 0; nth < 3; nth += 1) assert.equal((await world.post('/hooks/nosuch', 'x')).status, 404)
  const waiting = await world.post('/hooks/shop', 'x')
  assert.deepEqual([waiting.status, waiting.retryAfter], [429, '60'])
  assert.equal((await world.post('/hooks/shop', 'x', {}, '127.0.0.2')).status, 202)
  world.pass(60_000)
  assert.equal((await world.post('/hooks/shop', 'x')).status, 202)
})

async function hookWorld(given: Partial<typeof hookLimits> = {}) {
  const taken: Taken[] = []
  let clock = 1_000
  const take = async (repo: string, { header, body }: Webhook) => {
    if (repo !== 'shop') return { status: 404, says: 'no such' } as const
    taken.push({ repo, event: header('x-github-event'), body: Buffer.from(body).toString('utf8') })
    return { status: 202, says: 'taken' } as const
  }
  const forges: ForgeSide = { take, view: async () => null }
  const app = new Hono()
  let open = 0
  app.use(async (_, next) => {
    open += 1
    await next()
  })
  app.route(
    '/hooks',
    hookRoutes(forges, { now: () => clock, broke: assert.fail }, { ...hookLimits, ...given }),
  )
  const serving = await serve(
    {
      api: app,
      git: () => assert.fail('nobody asks'),
      flags: () => assert.fail('nobody asks'),
      intake: () => assert.fail('nobody asks'),
      queries: (_, __, others) => others(),
    },
    { host: '127.0.0.1', port: 0, webDir: '/nonexistent' },
  )
  const post = (
    path: string,
    body: string,
    headers: Readonly<Record<string, string>> = {},
    from = '127.0.0.1',
  ): Promise<Answered> => {
    const length =
      headers['transfer-encoding'] === undefined ? { 'content-length': Buffer.byteLength(body) } : {}
    return new Promise((resolve, reject) => {
      const place = { host: '127.0.0.1', port: serving.port, localAddress: from, agent: false }
      const asking = request(
        { ...place, path, method: 'POST', headers: { ...length, ...headers } },
        (answer) => {
          let text = ''
          answer.setEncoding('utf8').on('data', (more: string) => {
            text += more
          })
          answer.on('end', () => {
            const { says } = JSON.parse(text) as { says: string }
            resolve({ status: answer.statusCode ?? 0, says, retryAfter: answer.headers['retry-after'] })
          })
        },
      )
      asking.on('error', reject)
      asking.end(body)
    })
  }
  return {
    taken,
    port: serving.port,
    post,
    open: () => open,
    pass: (ms: number) => {
      clock += ms
    },
    [Symbol.asyncDispose]: () => serving.stop(),
  }
}
