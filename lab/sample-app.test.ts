import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { startHammer } from './hammer.ts'
import { SORTS } from './hammer-tally.ts'

type Running = Readonly<{ url: string; child: ChildProcess; ended: Promise<number | null> }>

describe('the sample app', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-sample-'))
    await cp(join(import.meta.dirname, 'sample-app'), folder, { recursive: true })
  })
  after(() => rm(folder, { recursive: true }))

  async function start(mode: string): Promise<Running> {
    await writeFile(join(folder, 'mode.txt'), `${mode}\n`)
    const env = { ...process.env, PORT: '0', TANDEM_RELEASE: 'R1', SLOW_START_MS: '300' }
    const child = spawn(process.execPath, [join(folder, 'app.js')], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const ended = once(child, 'exit').then(([code]) => code as number | null)
    const listening = once(child.stdout, 'data').then(
      ([line]) => /port (\d+)/.exec(String(line as Buffer))?.[1],
    )
    const port = await Promise.race([listening, ended.then(() => undefined)])
    return { url: `http://127.0.0.1:${port}`, child, ended }
  }

  async function stop({ child, ended }: Running): Promise<number | null> {
    child.kill('SIGTERM')
    return ended
  }

  test('a good release serves all sorts of traffic', async () => {
    const app = await start('good')
    const home = await fetch(app.url)
    assert.equal(home.headers.get('x-release'), 'R1')
    assert.equal(await home.text(), 'first release\n')
    const running = startHammer({ urls: [app.url], load: { get: { perSecond: 100, connections: 4 } } })
    // A stream is counted when it ends.
    const asked = SORTS.filter((sort) => sort !== 'events')
    const isAsked = () => asked.every((sort) => running.soFar().bySort[sort].requests > 0)
    for (let looks = 0; looks < 500 && !isAsked(); looks += 1) await sleep(20)
    const result = await running.stop()
    assert.deepEqual(result.failures, [])
    for (const sort of SORTS) assert.ok(result.bySort[sort].requests > 0, sort)
    assert.equal(await stop(app), 0)
  })

  test('a release that is told to stop finishes what is under way', async () => {
    const app = await start('good')
    const slow = fetch(`${app.url}/slow?ms=1500`)
    const upload = slowUpload(`${app.url}/upload`)
    // These come after the two above, and are known to have come.
    const stream = await fetch(`${app.url}/events`)
    const socket = new WebSocket(`${app.url}/ws`)
    const [closed] = [once(socket, 'close'), await once(socket, 'open')]
    await sleep(150)
    const code = stop(app)
    assert.match(await stream.text(), /^id: 0\ndata: 0\n\nid: 1\n(.|\n)*\n\n$/)
    assert.equal((await closed)[0], 1001)
    assert.equal(await (await upload).text(), createHash('sha256').update('piece'.repeat(10)).digest('hex'))
    assert.equal(await (await slow).text(), 'after 1500 ms\n')
    assert.equal(await code, 0)
  })

  const statuses = [
    ['good', 200, 200],
    ['unhealthy', 500, 200],
    ['never-ready', 503, 200],
    ['errors', 200, 500],
  ] as const
  for (const [mode, health, home] of statuses)
    test(`mode ${mode}: health says ${health} and the home page ${home}`, async () => {
      const app = await start(mode)
      assert.equal((await fetch(`${app.url}/health`)).status, health)
      assert.equal((await fetch(app.url)).status, home)
      assert.equal(await stop(app), 0)
    })

  test('mode crash-at-start ends at once with code 1', async () => {
    assert.equal(await (await start('crash-at-start')).ended, 1)
  })

  test('mode slow-start listens only after a while', async () => {
    const began = performance.now()
    const app = await start('slow-start')
    assert.ok(performance.now() - began > 300)
    assert.equal(await stop(app), 0)
  })
})

function slowUpload(url: string): Promise<Response> {
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    for (let sent = 0; sent < 10; sent += 1) {
      yield Buffer.from('piece')
      await sleep(100)
    }
  }
  return fetch(url, { method: 'POST', body: ReadableStream.from(pieces()), duplex: 'half' })
}
