import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type TestContext, test } from 'node:test'
import { makeApi } from '../../api/app.ts'
import { Secret } from '../../config/secrets/secret.ts'
import { type Hub, openHub } from '../../hub.ts'

type Team = Readonly<{ hub: Hub; says: (team: string) => Promise<void>; broken: unknown[]; told: string[] }>

const text = (team: string): string => `import { tandem } from 'tandem'\nexport default tandem({ ${team} })\n`

async function hubOf(t: TestContext, team: string): Promise<Team> {
  const dir = await mkdtemp(join(tmpdir(), 'scrape-'))
  const says = (other: string) => writeFile(join(dir, 'tandem.ts'), text(other))
  await says(team)
  const [broken, told]: [unknown[], string[]] = [[], []]
  const hub = await openHub({
    projectDir: dir,
    stateDir: join(dir, '.tandem'),
    kind: 'hub',
    identity: () => Promise.resolve(new Secret('no key')),
    broke: (thrown) => void broken.push(thrown),
    tell: (line) => void told.push(line),
  })
  await hub.start()
  t.after(async () => {
    await hub.close()
    await rm(dir, { recursive: true })
    assert.deepEqual(broken, [])
  })
  return { hub, says, broken, told }
}

async function listening(t: TestContext, listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

type Found = Readonly<{ data: Readonly<{ result: readonly Readonly<{ metric: Record<string, string> }>[] }> }>

async function found(hub: Hub, query: string): Promise<readonly Record<string, string>[]> {
  const params = new URLSearchParams({ query }).toString()
  const { body } = await hub.side.metrics.ask({ route: 'query', name: '', params })
  return (JSON.parse(Buffer.from(body).toString()) as Found).data.result.map(({ metric }) => metric)
}

async function until(hub: Hub, query: string): Promise<readonly Record<string, string>[]> {
  for (let tries = 0; tries < 150; tries += 1) {
    const result = await found(hub, query)
    if (result.length > 0) return result
    await pause(100)
  }
  assert.fail(`nothing is found by ${query}: ${JSON.stringify(await hub.side.metrics.targets(), null, 1)}`)
}

test('a hub asks this machine, itself and its targets, and heeds what tandem.ts says later', async (t) => {
  const port = await listening(t, (_, response) => void response.end('orders_total 3\n'))
  const pace = `interval: '1s', targets: { orders: { url: '127.0.0.1:${port}', labels: { team: 'shop' } } }`
  const { hub, says } = await hubOf(
    t,
    `hosts: { here: { via: 'local', roles: ['all-in-one'] } }, metrics: { scrape: { ${pace} } }`,
  )
  const [orders] = await until(hub, 'orders_total == 3')
  assert.deepEqual(orders, {
    __name__: 'orders_total',
    job: 'orders',
    instance: `127.0.0.1:${port}`,
    team: 'shop',
  })
  const [memory] = await until(hub, 'node_memory_MemTotal_bytes')
  assert.deepEqual(memory, {
    __name__: 'node_memory_MemTotal_bytes',
    job: 'host',
    instance: 'here',
    host: 'here',
    role: 'all-in-one',
  })
  await until(hub, 'process_resident_memory_bytes{job="tandem"} > 0')
  const params = new URLSearchParams({ state: 'active' })
  const { activeTargets } = (await hub.side.watching.targets(params)) as {
    activeTargets: readonly Record<string, unknown>[]
  }
  assert.deepEqual(
    activeTargets.map(({ scrapePool, health, lastError }) => [scrapePool, health, lastError]),
    [
      ['tandem', 'up', ''],
      ['orders', 'up', ''],
      ['host', 'up', ''],
      ['haproxy', 'unknown', 'there is no front on this host'],
    ],
  )
  await says(`metrics: { scrape: { interval: '1s' } }`)
  for (let tries = 0; (await found(hub, 'orders_total')).length > 0; tries += 1) {
    assert.ok(tries < 150, 'a target that was taken out is stale')
    await pause(100)
  }
  assert.deepEqual(await found(hub, 'up{job=~"orders|host"}'), [])
})

test('a target that nobody opens says so, and why its secret was not sent is told', async (t) => {
  const port = await listening(t, (request, response) => {
    response.writeHead(request.headers.authorization === undefined ? 401 : 200).end('x 1\n')
  })
  const target = `shut: { url: '127.0.0.1:${port}', auth: { bearer: 'TOKEN' } }`
  const { hub, told } = await hubOf(t, `metrics: { scrape: { interval: '1s', targets: { ${target} } } }`)
  await until(hub, 'up{job="shut"} == 0')
  const shut = (await hub.side.metrics.targets()).find(({ labels }) => labels['job'] === 'shut')
  assert.deepEqual([shut?.health, shut?.why], ['down', 'HTTP status 401'])
  assert.match(told.join('\n'), /targets are asked without their secrets/)
})

test('requests are counted by their status, and how long they took', async (t) => {
  const { hub } = await hubOf(t, `metrics: { scrape: { interval: '1s' } }`)
  const api = makeApi(hub.side, { now: Date.now, broke: () => {} })
  assert.equal((await api.request('/api/version')).status, 200)
  assert.equal((await api.request('/api/status')).status, 401)
  const name = 'tandem_http_request_duration_seconds'
  await until(hub, `${name}_count{job="tandem",method="GET",code="200"} == 1`)
  await until(hub, `${name}_bucket{job="tandem",code="401",le="+Inf"} == 1`)
})
