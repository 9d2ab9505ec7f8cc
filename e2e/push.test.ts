import assert from 'node:assert/strict'
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Routes } from '../src/api/wire/wire.ts'
import type { CodeRoutes } from '../src/api/wire/code.ts'
import { freePort } from './lab/free-port.ts'
import { endProcessesOf, processesOf } from './lab/stray-processes.ts'
import { until } from './lab/until.ts'
import { type Pushing, startPush } from './repos/pushing.ts'
import {
  type Checkout,
  checkoutIn,
  gitEnv,
  noSandbox,
  type ServedHub,
  serveHub,
  twoPeople,
} from './repos/served-hub.ts'

/** Longer than the train looks away. */
const quietMs = 1_500
const build = `#!/bin/sh
# tandem: output dist
mkdir dist && cp app.js web-socket.js package.json mode.txt release.txt dist/
`
const check = `#!/bin/sh
# tandem: needs build
# tandem: retry never
echo "looking at $(cat dist/release.txt)"
if grep -q slow release.txt; then sleep 60; fi
if grep -q red release.txt; then echo 'the basket is empty'; exit 1; fi
`

// One story, told in order: each test goes on where the one before has left off.
describe('a push goes live by itself', { timeout: 600_000, skip: noSandbox }, () => {
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
    for (const [job, text] of Object.entries({ build, test: check })) {
      await writeFile(join(ada.dir, 'ci', job), text)
      await chmod(join(ada.dir, 'ci', job), 0o755)
    }
    await ada.commit('Jobs', { '.gitignore': 'dist\n' })
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
  const committed = (release: string, mode = 'good'): Promise<string> =>
    ada.commit(release, { 'release.txt': release, 'mode.txt': mode })
  const pushing = (...options: readonly string[]): Pushing => startPush(ada.dir, gitEnv, options)
  /** A push to its end, which is well. */
  const push = async (...options: readonly string[]): Promise<string> => {
    const { code, told } = await pushing(...options).end
    assert.equal(code, 0, told)
    return told
  }

  test('when its jobs pass: what they have built and tested is what is live, and who pushes is told so', async () => {
    const commit = await committed('one')
    const told = await push()
    assert.match(
      told,
      /^r1: build, test\nr1 build passed \(.+ s\)\nr1 test passed \(.+ s\)\nr1 passed \(.+ s\)\n/,
    )
    assert.match(told, /\nc1: deploy to shop@production\n/)
    assert.match(told, /\nc1 done: shop \w{7} is live on 1 of 1 host \(.+\)\. undo: tandem revert c1$/)
    assert.equal((await live()).text, 'one')
    const run = await runOf(commit)
    assert.equal(run?.outcome, 'passed')
    assert.match(run.release ?? '', /^[0-9a-f]{64}$/)
    assert.equal((await live()).release, run.release)
    const [change] = await changes()
    assert.deepEqual([change?.who, change?.door, change?.why], ['ada', 'git', 'one'])
    const { plan } = await ask<Routes['GET /api/changes/:id']>(`/api/changes/${change?.id}`)
    assert.ok(plan?.lines.some(({ text }) => text === `tested in ${run.id}: build, test`))
  })

  test('and stays out when one of them fails, whose last lines are told', async () => {
    const commit = await committed('red')
    const told = await push()
    assert.match(
      told,
      /\nr2 test failed \(.+\): exit 1\n(?: {2}│ .*\n)+ {2}│ looking at red\n {2}│ the basket is empty\n/,
    )
    assert.match(told, /\nr2 failed \(.+\); see `tandem runs show r2`\nshop@production stays as it is$/)
    assert.equal((await runOf(commit))?.outcome, 'failed')
    await pause(quietMs)
    assert.equal((await changes()).length, 1)
    assert.equal((await live()).text, 'one')
  })

  test('a release that cannot start is undone, and not tried again, also by the next hub', async () => {
    const commit = await committed('broken', 'crash-at-start')
    const told = await push()
    assert.match(told, /\n {2}│ .*DATABASE_URL is not set/)
    assert.match(told, /\nc2 failed and was undone: everything is as before \(.+\)$/)
    const page = `/api/repos/shop/commits/${commit}`
    const detail = await ask<CodeRoutes['GET /api/repos/:repo/commits/:commit']>(page)
    assert.deepEqual([detail.live, detail.changes], [[], ['c2']])
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
    const commit = await committed('two')
    assert.equal(await push('-o', 'detach'), '')
    await until('it is run', async () => (await runOf(commit)) !== undefined)
    await hub.restart()
    await until('two is live', async () => (await live()).text === 'two', 120_000)
    assert.equal((await live()).release, (await runOf(commit))?.release)
    await until('it is done', async () => (await changes())[0]?.status === 'done')
    assert.equal((await changes()).length, 3)
  })

  test('whoever has enough of waiting goes, and it goes on', async () => {
    await committed('three')
    const waiting = pushing()
    await until('it is told', () => waiting.told().includes(': build, test'))
    waiting.interrupt()
    await waiting.end
    await until('nobody waits any more', () => processesOf(join(hub.stateDir, 'hooks')).length === 0)
    await until('three is live', async () => (await live()).text === 'three', 120_000)
    await until('it is done', async () => (await changes())[0]?.status === 'done')
  })

  test('who pushes is told when somebody else has pushed since', async () => {
    await committed('slow')
    const first = pushing()
    await until('it is told', () => first.told().includes('build passed'))
    await committed('four')
    const second = await push()
    const { code, told } = await first.end
    assert.equal(code, 0)
    assert.match(told, /\nr\d+ test cancelled \(.+\)\nr\d+ was stopped \(.+\): r\d+ is newer$/)
    assert.match(second, /is live on 1 of 1 host/)
    assert.equal((await live()).text, 'four')
  })

  test('a hub that goes says so, and its last words are read', async () => {
    await committed('slow again')
    const waiting = pushing()
    await until('it is told', () => waiting.told().includes('build passed'))
    await hub.restart()
    const { code, told } = await waiting.end
    assert.equal(code, 0, told)
    assert.match(told, /\nthe hub goes down; this goes on when it is back: see `tandem runs show r\d+`$/)
  })

  test('what is held is told with who holds it and why, and nobody waits for it', async () => {
    const headers = { authorization: `Bearer ${hub.secret('ada')}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ target: 'shop@production', why: 'the sale', until: null })
    assert.equal((await fetch(`${hub.url}/api/holds`, { method: 'POST', headers, body })).status, 200)
    await committed('five')
    assert.match(
      await push(),
      /\nshop@production is held by ada: the sale\n {2}now {3}`tandem release shop@production` lets it go$/,
    )
    assert.equal((await live()).text, 'four')
  })
})
