import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sampleOrder } from '../../change/samples.ts'
import { openStore } from '../../store/open.ts'
import { makeApi } from '../app.ts'
import { makeSmallHub } from '../small-hub.ts'

const noon = Date.UTC(2026, 10, 23, 12)

async function makeWorld(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-session-'))
  const store = await openStore(dir)
  t.after(async () => {
    await store.close()
    await rm(dir, { recursive: true })
  })
  const clock = { at: noon }
  const hub = makeSmallHub(store, { now: () => clock.at, people: { ada: 'everything', ivan: 'look' } })
  const api = makeApi(hub.side, { now: () => clock.at, broke: () => assert.fail('a bug') })
  const { secret } = await store.tokens.create('ada', 'phone', clock.at, clock.at + 5 * 86_400_000)
  const login = (token: string, headers = {}, base = 'http://hub.test') =>
    api.request(`${base}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ token }),
    })
  const stop = (headers: Readonly<Record<string, string>>) =>
    api.request('http://hub.test/api/changes/c1/stop', { method: 'POST', headers })
  return { api, hub, store, clock, secret, login, stop }
}

test('a login sets a cookie that scripts and foreign pages cannot use, no longer than the token lives', async (t) => {
  const { login, secret } = await makeWorld(t)
  const response = await login(secret)
  assert.equal(response.status, 200)
  assert.deepEqual(await response.json(), { name: 'ada', may: 'everything' })
  const cookie = response.headers.get('set-cookie') ?? ''
  for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/', `Max-Age=${5 * 86_400}`]) {
    assert.ok(cookie.includes(part), `${part} in ${cookie}`)
  }
  assert.doesNotMatch(cookie, /Secure/)
})

test('over https the cookie never leaves it, also behind a proxy', async (t) => {
  const { login, secret } = await makeWorld(t)
  const direct = await login(secret, {}, 'https://hub.test')
  assert.match(direct.headers.get('set-cookie') ?? '', /Secure/)
  const proxied = await login(secret, { 'x-forwarded-proto': 'https' })
  assert.match(proxied.headers.get('set-cookie') ?? '', /Secure/)
})

test('with the cookie reading is free, and changing needs the header that foreign pages cannot set', async (t) => {
  const { api, hub, secret, stop } = await makeWorld(t)
  const cookie = `tandem_session=${secret}`
  await hub.side.propose(sampleOrder)
  assert.equal((await api.request('/api/me', { headers: { cookie } })).status, 200)
  assert.equal((await stop({ cookie })).status, 403)
  assert.equal((await stop({ cookie, 'x-tandem': '1', origin: 'https://evil.test' })).status, 403)
  assert.equal((await stop({ cookie, 'x-tandem': '1', origin: 'null' })).status, 403)
  assert.equal((await stop({ cookie, 'x-tandem': '1', origin: 'http://hub.test' })).status, 200)
  assert.equal((await stop({ cookie, 'x-tandem': '1' })).status, 200)
})

test('behind a proxy that says which host was asked for, its own pages are not foreign', async (t) => {
  const { secret, stop } = await makeWorld(t)
  const headers = {
    cookie: `tandem_session=${secret}`,
    'x-tandem': '1',
    origin: 'https://tandem.example.org',
  }
  assert.equal((await stop(headers)).status, 403)
  assert.equal((await stop({ ...headers, 'x-forwarded-host': 'tandem.example.org' })).status, 404)
})

test('a foreign page cannot log a browser in as somebody else', async (t) => {
  const { login, secret } = await makeWorld(t)
  assert.equal((await login(secret, { origin: 'https://evil.test' })).status, 403)
  assert.equal((await login(secret, { 'content-type': 'text/plain' })).status, 400)
})

test('a logout takes the cookie back', async (t) => {
  const { api, secret } = await makeWorld(t)
  const headers = { cookie: `tandem_session=${secret}`, 'x-tandem': '1' }
  const response = await api.request('/api/session', { method: 'DELETE', headers })
  assert.equal(response.status, 200)
  assert.match(response.headers.get('set-cookie') ?? '', /^tandem_session=;.*Max-Age=0/)
})

test('after ten failed logins an address has to wait a minute, then may log in', async (t) => {
  const { login, clock, secret } = await makeWorld(t)
  for (let i = 0; i < 10; i += 1) assert.equal((await login('tdm_wrong')).status, 401)
  const refused = await login(secret)
  assert.equal(refused.status, 429)
  assert.equal(refused.headers.get('retry-after'), '60')
  clock.at += 60_000
  assert.equal((await login(secret)).status, 200)
})
