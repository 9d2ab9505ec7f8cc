import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { startHammer } from './hammer.ts'
import type { HammerLoad } from './hammer.ts'
import type { HammerResult, Sort } from './hammer-tally.ts'

const NONE: HammerLoad = {
  get: { perSecond: 0, connections: 0 },
  slow: { perSecond: 0, connections: 0, ms: 50 },
  upload: { perSecond: 0, connections: 0, bytes: 64 * 1024, pieceGapMs: 1 },
  events: { streams: 0 },
  socket: { perSecond: 0, connections: 0 },
}
const LITTLE = { perSecond: 50, connections: 2 }
const ONLY: Readonly<Record<Sort, HammerLoad>> = {
  get: { ...NONE, get: LITTLE },
  slow: { ...NONE, slow: { ...NONE.slow, ...LITTLE } },
  upload: { ...NONE, upload: { ...NONE.upload, ...LITTLE } },
  events: { ...NONE, events: { streams: 2 } },
  socket: { ...NONE, socket: LITTLE },
}

/** Those that came last may not be answered yet. */
const spare = 4
const lookMs = 20
const limitMs = 20_000

type Scene = Readonly<{
  sort: Sort
  answer?: RequestListener
  onSocket?: (socket: WebSocket) => void
  /** Goes on until so many have come, or otherwise until one has failed, however slow the machine is. */
  enough?: number
  silenceLimitMs?: number
}>

async function play(scene: Scene): Promise<HammerResult> {
  const { sort, answer, onSocket, enough = 0, silenceLimitMs = limitMs } = scene
  let come = 0
  const server = createServer(answer ?? ((_, response) => void response.end()))
  server.on('request', () => (come += 1))
  if (onSocket)
    new WebSocketServer({ server }).on('connection', (socket) => {
      socket.on('message', () => (come += 1))
      onSocket(socket)
    })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const running = startHammer({ urls: [url], load: ONLY[sort], silenceLimitMs })
  await until(() => (enough > 0 ? come >= enough + spare : running.soFar().failed > 0))
  const result = await running.stop()
  server.closeAllConnections()
  server.close()
  return result
}

/** Returns after the limit too: what did not happen is said by what looks at the result. */
async function until(isSo: () => boolean): Promise<void> {
  for (const began = performance.now(); !isSo() && performance.now() - began < limitMs;) await sleep(lookMs)
}

function failsWith(result: HammerResult, sort: Sort, cause: RegExp): void {
  assert.ok(result.failed > 0, 'nothing failed')
  assert.equal(result.failures[0]?.sort, sort)
  assert.match(result.failures[0]?.cause ?? '', cause)
  assert.ok(Math.abs((result.failures[0]?.at ?? 0) - Date.now()) < 5000)
}

function succeeds(result: HammerResult, sort: Sort, atLeast: number): void {
  assert.deepEqual(result.failures, [])
  assert.ok(result.bySort[sort].requests >= atLeast, `only ${result.bySort[sort].requests} ${sort}`)
}

const streamStart = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/event-stream' })
const hashBack = (request: IncomingMessage, response: ServerResponse) => {
  const hash = createHash('sha256')
  request.on('data', (piece: Buffer) => hash.update(piece))
  request.on('end', () => response.end(hash.digest('hex')))
}

test('good answers succeed and are counted by release', async () => {
  const result = await play({
    sort: 'get',
    enough: 4,
    answer: (_, response) => response.setHeader('x-release', 'R7').end('hi'),
  })
  succeeds(result, 'get', 4)
  assert.equal(result.byRelease['R7'], result.requests)
  assert.ok(result.latencyMs.get.p50 > 0 && result.latencyMs.get.p99 >= result.latencyMs.get.p50)
})

test('an answer that closes its connection is no failure', async () => {
  const result = await play({
    sort: 'get',
    enough: 4,
    answer: (_, response) => response.setHeader('connection', 'close').end('hi'),
  })
  succeeds(result, 'get', 4)
})

test('nothing more is asked on a connection whose answer said close', async () => {
  const answer: RequestListener = (_, response) =>
    void response.socket?.write('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi')
  succeeds(await play({ sort: 'get', answer, enough: 4 }), 'get', 4)
})

test('an error status fails', async () => {
  failsWith(
    await play({ sort: 'get', answer: (_, response) => response.writeHead(503).end() }),
    'get',
    /^status 503$/,
  )
})

test('a bad answer is counted for the release and the front that gave it', async () => {
  const result = await play({
    sort: 'get',
    answer: (_, response) => response.writeHead(500, { 'x-release': 'R8' }).end(),
  })
  assert.equal(result.failedByRelease['R8'], result.failed)
  const [ofFront] = Object.values(result.byFront)
  assert.deepEqual(ofFront, { R8: result.failed })
})

test('an answer cut in the middle fails', async () => {
  const answer: RequestListener = (_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half')
    setTimeout(() => response.socket?.destroy(), 5)
  }
  failsWith(await play({ sort: 'slow', answer }), 'slow', /closed in the middle of a 200 answer/)
})

test('a reset fails', async () => {
  const answer: RequestListener = (request) => request.socket.resetAndDestroy()
  failsWith(await play({ sort: 'get', answer }), 'get', /^ECONNRESET before an answer$/)
})

test('silence fails after its limit', async () => {
  failsWith(
    await play({ sort: 'get', answer: () => undefined, silenceLimitMs: 300 }),
    'get',
    /nothing came for 0.3 s before an answer/,
  )
})

test('a refused connection fails', async () => {
  const running = startHammer({ urls: ['http://127.0.0.1:9'], load: { ...ONLY.get, socket: LITTLE } })
  const refused = (one: Sort) =>
    running.soFar().failures.some(({ sort, cause }) => sort === one && cause.includes('ECONNREFUSED'))
  await until(() => refused('socket') && refused('get'))
  assert.ok(refused('socket') && refused('get'))
  await running.stop()
})

test('an upload whose digest comes back succeeds, and one that arrived otherwise fails', async () => {
  succeeds(await play({ sort: 'upload', answer: hashBack, enough: 4 }), 'upload', 4)
  const wrong: RequestListener = (request, response) => {
    request.resume()
    request.on('end', () => response.end('0'.repeat(64)))
  }
  failsWith(await play({ sort: 'upload', answer: wrong }), 'upload', /sha256 of the upload/)
})

test('an event stream that ends properly is opened again, and is no failure', async () => {
  const answer: RequestListener = (_, response) => {
    streamStart(response).write('data: 0\n\n')
    setTimeout(() => response.end('data: 1\n\n'), 20)
  }
  succeeds(await play({ sort: 'events', answer, enough: 4 }), 'events', 4)
})

test('an event stream that breaks off, skips or falls silent fails', async () => {
  const cut: RequestListener = (_, response) => {
    streamStart(response).write('data: 0\n\n')
    setTimeout(() => response.socket?.destroy(), 10)
  }
  failsWith(await play({ sort: 'events', answer: cut }), 'events', /closed in the middle of a 200 answer/)
  const skip: RequestListener = (_, response) => streamStart(response).end('data: 1\n\ndata: 3\n\n')
  failsWith(await play({ sort: 'events', answer: skip }), 'events', /event 3 came after 1/)
  const torn: RequestListener = (_, response) => streamStart(response).end('data: 1\n\ndata:')
  failsWith(await play({ sort: 'events', answer: torn }), 'events', /ended inside an event/)
})

test('a WebSocket that says goodbye is opened again and its message sent again', async () => {
  let opened = 0
  const onSocket = (socket: WebSocket) => {
    opened += 1
    const mayEcho = opened > 2
    socket.on('message', (bytes) => (mayEcho ? socket.send(String(bytes as Buffer)) : socket.close(1001)))
  }
  succeeds(await play({ sort: 'socket', onSocket, enough: 4 }), 'socket', 4)
  assert.equal(opened, 4)
})

test('a WebSocket that breaks off, or echoes something else, fails', async () => {
  const cut = (socket: WebSocket) => socket.on('message', () => socket.terminate())
  failsWith(await play({ sort: 'socket', onSocket: cut }), 'socket', /code 1006/)
  const wrong = (socket: WebSocket) => socket.on('message', () => socket.send('something else'))
  failsWith(await play({ sort: 'socket', onSocket: wrong }), 'socket', /sent message 1, got something else/)
})
