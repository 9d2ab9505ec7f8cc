import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
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
    authorization: '',
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

test('processes of an app are counted without systemd too', async () => {
  const child = spawn('sh', ['-c', 'sleep 600 & exec sleep 600'], { detached: true, stdio: 'ignore' })
  const pid = child.pid ?? 0
  try {
    await watching(metrics, {}, async ({ scraped, dir }) => {
      const slot = join(dir, 'apps', 'shop.production', 'slots', 'a')
      const said = async (start: string): Promise<void> => {
        await writeFile(join(slot, 'web.pid'), `${pid} ${start}\n`)
        await writeFile(join(slot, 'web.keeper'), '1\n')
      }
      const [, behind = ''] = (await readFile(`/proc/${pid}/stat`, 'latin1')).split(') ')
      const page = (): string => textOf(scraped.findLast(({ id }) => id === 'host') as Scraped)
      const labels = 'app="shop",env="production",release="aaaaaaa",process="web",slot="a"'
      await said(behind.split(' ')[19] ?? '')
      await until(
        () => scraped.length > 0 && page().includes(`tandem_app_processes{${labels}} 2`),
        'two processes',
      )
      assert.match(page(), /^tandem_app_memory_bytes\{app="shop"[^\n]*\} [1-9]\d{4,}$/m)
      await said('12')
      await until(() => !page().includes('tandem_app_processes{'), 'another process of that number')
    })
  } finally {
    process.kill(-pid, 'SIGKILL')
  }
})

test('what opens an app is told to it alone', async () => {
  const secret = `key-${randomBytes(12).toString('hex')}`
  const guarded: RequestListener = ({ headers }, response) =>
    headers.authorization === `Bearer ${secret}`
      ? void response.end(`let_in{by="${secret}"} 1\n`)
      : void response.writeHead(401).end()
  await watching(guarded, { authorization: `Bearer ${secret}` }, async ({ scraped, dir }) => {
    await until(() => scraped.some(({ id }) => id === 'app'), 'an answer')
    assert.match(textOf(scraped.find(({ id }) => id === 'app') as Scraped), /^let_in\{by="\[secret\]"\} 1\n$/)
    assert.deepEqual(await seenBy(secret, dir), [], 'no process names it, and no file has it')
  })
  await watching(guarded, { authorization: 'Bearer wrong-key' }, async ({ scraped }) => {
    await until(() => scraped.some(({ id }) => id === 'app'), 'an answer')
    assert.equal(textOf(scraped.find(({ id }) => id === 'app') as Scraped), 'failed: HTTP status 401')
  })
})

/** The arguments and surroundings of processes, and the files of a folder, that have this text. */
async function seenBy(text: string, dir: string): Promise<readonly string[]> {
  const found: string[] = []
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const told = processes.flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`])
  const files = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const hex = Buffer.from(text).toString('hex')
  for (const path of [...told, ...files]) {
    const content = await readFile(path, 'latin1').catch(() => '')
    if (content.includes(text) || content.includes(hex)) found.push(path)
  }
  return found
}

test('a large answer comes through, and one that is packed unasked is named', async () => {
  const body = Array.from({ length: 200_000 }, (_, nth) => `large_total{nth="${nth}"} ${nth}\n`).join('')
  const large: RequestListener = (_, response) => void response.end(body)
  await watching(large, { bytes: 64 * 2 ** 20, timeoutMs: 20_000 }, async ({ scraped }) => {
    await until(() => scraped.some(({ id }) => id === 'app'), 'an answer')
    assert.ok(body.length > 4 * 2 ** 20)
    assert.equal(textOf(scraped.find(({ id }) => id === 'app') as Scraped), body)
  })
  const packed: RequestListener = (_, response) =>
    void response.setHeader('content-encoding', 'gzip').end(gzipSync('a 1\n'))
  await watching(packed, {}, async ({ scraped }) => {
    await until(() => scraped.some(({ id }) => id === 'app'), 'an answer')
    assert.equal(
      textOf(scraped.find(({ id }) => id === 'app') as Scraped),
      'failed: the answer is packed (gzip), though nobody asked for that',
    )
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
