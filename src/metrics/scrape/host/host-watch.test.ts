import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import { openRemote } from '../../../remote/open.ts'
import type { HostAddress, Remote, Run } from '../../../remote/remote.ts'
import type { Scraped } from '../plan.ts'
import type { HostAsk, HostPlan } from './host-plan.ts'
import { watchHost } from './host-watch.ts'

type Seen = Readonly<{ scraped: Scraped[]; waits: string[]; plan: HostPlan; dir: string; remote: Remote }>

/** This machine as a host with one app in two slots, of which `a` takes the traffic. */
async function watching(
  listener: RequestListener,
  more: Partial<HostAsk>,
  work: (seen: Seen) => Promise<void>,
  looked: (remote: Remote) => Pick<Remote, 'look'> = (remote) => remote,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'watch-'))
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await deployed(dir, { a: 'aaaaaaaa1', b: 'bbbbbbbb1' })
  const ask: HostAsk = {
    id: 'app',
    every: 1,
    timeoutMs: 300,
    bytes: 10_000,
    where: `shop.production,${port},${port}`,
    path: '/metrics',
    place: 'shop.production',
    ...more,
  }
  const plan: HostPlan = {
    host: 'here',
    intervalMs: 500,
    every: 1,
    root: dir,
    socket: join(dir, 'none.sock'),
    own: 'host',
    front: 'front',
    asks: [ask],
  }
  const remote = openRemote({
    stateDir: join(dir, 'state'),
    sudoPassword: () => Promise.reject(new Error('none')),
  })
  const host: HostAddress = { name: 'here', via: { kind: 'local', root: dir } }
  const stop = new AbortController()
  const [scraped, waits]: [Scraped[], string[]] = [[], []]
  const watch = watchHost(host, plan, worldOf(looked(remote), scraped, waits), stop.signal)
  try {
    await work({ scraped, waits, plan, dir, remote })
  } finally {
    stop.abort()
    await watch
    await remote.close()
    server.closeAllConnections()
    server.close()
    await rm(dir, { recursive: true })
  }
}

const worldOf = (remote: Pick<Remote, 'look'>, scraped: Scraped[], waits: string[]) => ({
  remote,
  now: Date.now,
  sleep: (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal }).catch(() => undefined),
  record: (one: Scraped) => void scraped.push(one),
  wait: (id: string, why: string) => void waits.push(`${id}: ${why}`),
})

async function deployed(dir: string, releases: Readonly<Record<string, string>>): Promise<void> {
  const app = join(dir, 'apps', 'shop.production')
  for (const [slot, release] of Object.entries(releases)) {
    await mkdir(join(app, 'slots', slot), { recursive: true })
    await writeFile(join(app, 'slots', slot, 'spec'), `${release} settings\n`)
  }
  await rm(join(app, 'current'), { force: true })
  await symlink('slots/a', join(app, 'current'))
}

const metrics: RequestListener = (_, response) =>
  void response.setHeader('content-type', 'text/plain; version=0.0.4').end('orders_total 3\n')

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (isSo()) return
    await pause(50)
  }
  assert.fail(`waited for: ${what}`)
}

const textOf = ({ outcome }: Scraped): string =>
  outcome.type === 'answered' ? Buffer.from(outcome.body).toString() : `failed: ${outcome.why}`

test('a host says how it is, and what its app says, with the release that takes the traffic', async () => {
  await watching(metrics, {}, async ({ scraped, waits, dir }) => {
    const of = (id: string): readonly Scraped[] => scraped.filter((one) => one.id === id)
    await until(() => of('app').length >= 2 && of('host').length >= 2, 'two frames')
    assert.match(textOf(of('host')[0] as Scraped), /^node_boot_time_seconds \d+$/m)
    assert.deepEqual(of('app')[0]?.labels, { release: 'aaaaaaa' })
    assert.equal(textOf(of('app')[0] as Scraped), 'orders_total 3\n')
    assert.equal(of('app')[0]?.atMs, of('host')[0]?.atMs)
    assert.ok(waits.includes('front: there is no front on this host'))
    await deployed(dir, { a: 'ccccccccc' })
    await until(() => of('app').at(-1)?.labels['release'] === 'ccccccc', 'the other release')
  })
})

test('an app that hangs, or says too much, delays nobody and is named', async () => {
  const hang: RequestListener = () => {}
  await watching(hang, {}, async ({ scraped }) => {
    await until(() => scraped.filter(({ id }) => id === 'app').length >= 2, 'two answers')
    assert.equal(textOf(scraped.find(({ id }) => id === 'app') as Scraped), 'failed: no answer within 0.3 s')
    assert.ok(scraped.filter(({ id }) => id === 'host').length >= 2)
  })
  const much: RequestListener = (_, response) => void response.end('x'.repeat(1_000_000))
  await watching(much, {}, async ({ scraped }) => {
    await until(() => scraped.some(({ id }) => id === 'app'), 'an answer')
    assert.equal(textOf(scraped.find(({ id }) => id === 'app') as Scraped), 'failed: more than 10000 bytes')
  })
})

test('an app that is not deployed yet is no target that is down', async () => {
  await watching(metrics, { where: 'other.production,1,2', place: 'other.production' }, async (seen) => {
    await until(() => seen.waits.includes('app: is not deployed here'), 'a word on it')
    assert.ok(!seen.scraped.some(({ id }) => id === 'app'))
  })
})

test('a session that is lost is opened again, and meanwhile nothing of the host is up', async () => {
  let away = false
  const runs: Run[] = []
  const cut = (remote: Remote): Pick<Remote, 'look'> => ({
    look: (host, program) => {
      const run = remote.look(host, away ? { ...program, script: 'echo no way; exit 1' } : program)
      runs.push(run)
      return run
    },
  })
  const work = async ({ scraped }: Seen): Promise<void> => {
    const of = (id: string): readonly Scraped[] => scraped.filter((one) => one.id === id)
    await until(() => of('app').length > 0, 'the app')
    away = true
    runs.at(-1)?.kill()
    await until(() => of('app').at(-1)?.outcome.type === 'failed', 'a failure')
    assert.match(textOf(of('app').at(-1) as Scraped), /^failed: the session ended/)
    await until(
      () => textOf(of('host').at(-1) as Scraped) === 'failed: the session ended: no way',
      'its word',
    )
    assert.deepEqual(of('app').at(-1)?.labels, {})
    away = false
    await until(() => of('app').at(-1)?.outcome.type === 'answered', 'an answer again')
  }
  await watching(metrics, {}, work, cut)
})
