import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FrontPlace, frontConformance, openEcho, type TriedFront } from './conformance.ts'
import type { FrontSettings } from './exchange.ts'
import { openFront } from './open-front.ts'
import { startTryApp } from './try-app.ts'
import { get, open, order, statRow } from './try-client.ts'

const program = new URL('./local-front.ts', import.meta.url).pathname
const place = { name: 'shop.production', port: 17_010, a: 17_011, b: 17_012 }

frontConformance('local front', 17_000, async (tried): Promise<TriedFront> => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-front-'))
  const socket = join(folder, 'admin.sock')
  const front = await openFront(settingsOf(folder, tried))
  return {
    socket,
    stop: async () => {
      await front.stop(0)
      await rm(folder, { recursive: true, force: true })
    },
  }
})

describe('local front as a process', () => {
  it('goes on after a kill with the states it had', async (t) => {
    const folder = await tempFolder(t)
    const { front, socket } = await start(folder, place)
    await order(socket, 'set server shop.production/b state ready;set server shop.production/a state drain')
    front.signal('SIGKILL')
    await front.ended
    const again = await start(folder, place)
    t.after(() => stop(again.front))
    const words = await order(again.socket, 'show stat')
    assert.match(words, /^shop\.production,a,.*,DRAIN,/m)
    assert.match(words, /^shop\.production,b,.*,no check,/m)
  })

  it('refuses a state file that it cannot read, and says what to write', async (t) => {
    const folder = await tempFolder(t)
    await writeFile(join(folder, 'state'), 'ready sleepy\n')
    const front = runFront(commandOf(folder, place))
    assert.equal(await front.ended, 1)
    assert.match(front.said(), /state does not say which slot is live: write `ready maint`/)
    assert.equal(await readFile(join(folder, 'state'), 'utf8'), 'ready sleepy\n')
  })

  it('does not start on a port that is taken, and says so', async (t) => {
    const [one, two] = [await tempFolder(t), await tempFolder(t)]
    const { front } = await start(one, place)
    t.after(() => stop(front))
    const second = runFront(commandOf(two, place))
    assert.equal(await second.ended, 1)
    assert.match(
      second.said(),
      /^the front of shop\.production cannot listen: port 17010 is taken by another program/,
    )
  })

  it('does not take the socket of a front that runs', async (t) => {
    const folder = await tempFolder(t)
    const { front, socket } = await start(folder, place)
    t.after(() => stop(front))
    const second = runFront(commandOf(folder, { ...place, port: 17_013 }))
    assert.equal(await second.ended, 1)
    assert.match(second.said(), /another front answers at .*admin\.sock: stop it first/)
    assert.match(await order(socket, 'show stat'), /FRONTEND/)
  })

  it('ends what is under way before it stops, and takes nothing new', async (t) => {
    const folder = await tempFolder(t)
    const app = await startTryApp('a', place.a)
    t.after(() => app.stop())
    const { front, socket } = await start(folder, place)
    await order(socket, 'set server shop.production/a state ready')
    const held = get(place.port, '/held')
    while (statRow(await order(socket, 'show stat'), 'a')['scur'] !== '1') await sleep(10)
    front.signal('SIGTERM')
    while ((await refusal(place.port)) !== 'ECONNREFUSED') await sleep(10)
    app.letGo()
    assert.equal((await held).text, 'held')
    assert.equal(await front.ended, 0)
  })

  it('cuts a stream and a socket that outlive the limit', async (t) => {
    const folder = await tempFolder(t)
    const app = await startTryApp('a', place.a)
    t.after(() => app.stop())
    const front = await openFront(settingsOf(folder, place))
    await order(join(folder, 'admin.sock'), 'set server shop.production/a state ready')
    const events = await open(place.port, '/events')
    const cut = once(events, 'error')
    const echo = await openEcho(place.port)
    events.resume()
    const began = performance.now()
    await front.stop(200)
    const took = performance.now() - began
    assert.ok(took > 150, `${took} ms`)
    assert.match(String(await cut), /aborted/)
    assert.equal(await echo.ended, 1006)
  })

  it('keeps to itself what is for one hop, also where the client names it', async (t) => {
    const folder = await tempFolder(t)
    const app = await startTryApp('a', place.a)
    t.after(() => app.stop())
    const front = await openFront(settingsOf(folder, place))
    t.after(() => front.stop(0))
    await order(join(folder, 'admin.sock'), 'set server shop.production/a state ready')
    const headers = { Connection: 'X-Hop', 'X-Hop': 'no', 'Keep-Alive': 'timeout=1', 'X-Mine': 'yes' }
    const heard = JSON.parse((await get(place.port, '/heard', { headers })).text) as {
      fields: Record<string, string[]>
    }
    assert.deepEqual(Object.keys(heard.fields).toSorted(), [
      'connection',
      'host',
      'x-forwarded-for',
      'x-mine',
    ])
    assert.deepEqual(heard.fields['connection'], ['close'])
  })

  it('listens in folders deeper than a socket address is long', async (t) => {
    const folder = join(await tempFolder(t), 'deep'.repeat(20), 'er'.repeat(20))
    const { front } = await start(folder, place)
    await stop(front)
  })

  it('says how it is used', async () => {
    const front = runFront([process.execPath, program, '--name', 'x'])
    assert.equal(await front.ended, 1)
    assert.match(front.said(), /^usage: local-front\.ts --name PLACE --port N/)
  })
})

const settingsOf = (folder: string, { name, port, a, b }: FrontPlace): FrontSettings => ({
  name,
  port,
  ports: { a, b },
  socket: join(folder, 'admin.sock'),
  state: join(folder, 'state'),
})

const commandOf = (folder: string, { name, port, a, b }: FrontPlace): readonly string[] => [
  process.execPath,
  program,
  '--name',
  name,
  '--port',
  String(port),
  '--a',
  String(a),
  '--b',
  String(b),
  '--socket',
  join(folder, 'admin.sock'),
  '--state',
  join(folder, 'state'),
]

async function start(
  folder: string,
  tried: FrontPlace,
): Promise<Readonly<{ front: FrontProcess; socket: string }>> {
  const front = runFront(commandOf(folder, tried))
  while (!front.said().includes('listens')) {
    await Promise.race([front.ended.then(() => Promise.reject(new Error(front.said()))), sleep(10)])
  }
  return { front, socket: join(folder, 'admin.sock') }
}

/** Why nothing can be asked there; null where something is answered. */
const refusal = (port: number): Promise<string | null> =>
  get(port, '/').then(
    () => null,
    ({ code }: NodeJS.ErrnoException) => code ?? '',
  )

async function stop(front: FrontProcess): Promise<void> {
  front.signal('SIGTERM')
  await front.ended
}

async function tempFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-front-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A front as a process of its own. */
type FrontProcess = Readonly<{
  said: () => string
  signal: (name: NodeJS.Signals) => void
  ended: Promise<number | null>
}>

function runFront(words: readonly string[]): FrontProcess {
  const [program = '', ...rest] = words
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { said: () => said, signal: (name) => void child.kill(name), ended }
}
