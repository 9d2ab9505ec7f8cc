import assert from 'node:assert/strict'
import { chmod, cp, mkdir } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Routes } from '../src/api/wire.ts'
import type { CodeRoutes } from '../src/api/wire-code.ts'
import { requireSandbox } from '../src/ci/sandbox/system.ts'
import { endProcessesOf } from './lab/stray-processes.ts'
import { until } from './lab/until.ts'
import { type Checkout, checkoutIn, type ServedHub, serveHub, twoPeople } from './repos/served-hub.ts'

/** Longer than the train looks away. */
const quietMs = 1_500
const skip = whyNot()

function whyNot(): string | false {
  try {
    requireSandbox()
    return false
  } catch (thrown) {
    return String(thrown)
  }
}

const build = `#!/bin/sh
# tandem: output dist
mkdir dist && cp app.js web-socket.js package.json mode.txt release.txt dist/
`
const check = `#!/bin/sh
# tandem: needs build
# tandem: retry never
echo "looking at $(cat dist/release.txt)"
if grep -q red release.txt; then echo 'the basket is empty'; exit 1; fi
`

// One story, told in order: each test goes on where the one before has left off.
describe('a push goes live by itself', { timeout: 180_000, skip }, () => {
  let hub: ServedHub
  let ada: Checkout
  let port: number

  before(async () => {
    port = await freePort()
    hub = await serveHub(`${twoPeople},
      hosts: { here: { via: 'local' } },
      repos: { shop: {} },
      apps: { shop: { repo: 'shop', run: 'exec node app.js', port: ${port}, health: '/health', environments: {
        production: { on: ['here'], watch: '0s', drain: '0s', deploy: 'on green' },
      } } }`)
    ada = await checkoutIn(join(hub.dir, 'ada'), hub.clone('shop'))
    const app = join(import.meta.dirname, '../lab/sample-app')
    await cp(app, ada.dir, { recursive: true, filter: (path) => !path.endsWith('.test.ts') })
    await mkdir(join(ada.dir, 'ci'))
    await ada.commit('Jobs', { 'ci/build': build, 'ci/test': check, '.gitignore': 'dist\n' })
    for (const job of ['build', 'test']) await chmod(join(ada.dir, 'ci', job), 0o755)
  })
  after(async () => {
    await hub.close()
    endProcessesOf(hub.dir)
    assert.deepEqual(hub.broken, [])
  })

  /** What the app says, and which release it says it is. */
  const live = async (): Promise<Readonly<{ text: string; release: string | null }>> => {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null)
    return { text: ((await answer?.text()) ?? '').trim(), release: answer?.headers.get('x-release') ?? null }
  }
  const ask = async <T>(path: string): Promise<T> => {
    const headers = { authorization: `Bearer ${hub.secret('ada')}` }
    return (await (await fetch(`${hub.url}${path}`, { headers })).json()) as T
  }
  const changes = async () => (await ask<Routes['GET /api/changes']>('/api/changes')).changes
  const runOf = async (commit: string) =>
    (await ask<CodeRoutes['GET /api/runs']>(`/api/runs?commit=${commit}`)).runs[0]
  const pushed = async (release: string, mode = 'good'): Promise<string> => {
    const commit = await ada.commit(release, { 'release.txt': release, 'mode.txt': mode })
    await ada.must('push', '--quiet', '-o', 'detach', 'tandem', 'main')
    return commit
  }
  const isLive = (release: string): Promise<void> =>
    until(`${release} is live`, async () => (await live()).text === release, 60_000)

  test('when its jobs pass: what they have built and tested is what is live', async () => {
    const commit = await pushed('one')
    await isLive('one')
    const run = await runOf(commit)
    assert.equal(run?.outcome, 'passed')
    assert.match(run.release ?? '', /^[0-9a-f]{64}$/)
    assert.equal((await live()).release, run.release)
    const [change] = await changes()
    assert.deepEqual([change?.who, change?.door, change?.why], ['ada', 'git', 'one'])
    const { plan } = await ask<Routes['GET /api/changes/:id']>(`/api/changes/${change?.id}`)
    assert.ok(plan?.lines.some(({ text }) => text === `tested in ${run.id}: build, test`))
  })

  test('and stays out when one of them fails', async () => {
    const commit = await pushed('red')
    await until('it has failed', async () => (await runOf(commit))?.outcome === 'failed')
    await pause(quietMs)
    assert.equal((await changes()).length, 1)
    assert.equal((await live()).text, 'one')
  })

  test('a release that cannot start is undone, and not tried again, also by the next hub', async () => {
    await pushed('broken', 'crash-at-start')
    await until('it is undone', async () => (await changes())[0]?.status === 'undone', 60_000)
    await hub.restart()
    await pause(quietMs)
    assert.deepEqual(
      (await changes()).map(({ status, why }) => [status, why]),
      [
        ['undone', 'broken'],
        ['done', 'one'],
      ],
    )
    assert.equal((await live()).text, 'one')
  })

  test('and the next green one goes live, though the hub was restarted while it was tested', async () => {
    const commit = await pushed('two')
    await until('it is run', async () => (await runOf(commit)) !== undefined)
    await hub.restart()
    await isLive('two')
    assert.equal((await live()).release, (await runOf(commit))?.release)
    await until('it is done', async () => (await changes())[0]?.status === 'done')
    assert.equal((await changes()).length, 3)
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
