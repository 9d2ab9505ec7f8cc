import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createPlain } from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { acceptHeader, openFetcher } from './fetch.ts'
import type { Outcome } from './plan.ts'

async function asking(
  listener: RequestListener,
  more: Partial<Readonly<{ timeoutMs: number; limitBytes: number; headers: Record<string, string> }>> = {},
): Promise<Readonly<{ outcome: Outcome; sent: number }>> {
  let sent = 0
  const server = createServer((request, response) => {
    listener(request, response)
    response.on('close', () => (sent += response.socket?.bytesWritten ?? request.socket.bytesWritten))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const fetcher = openFetcher()
  try {
    const url = `http://127.0.0.1:${port}/metrics`
    const outcome = await fetcher.ask({
      url,
      headers: {},
      timeoutMs: 2_000,
      limitBytes: 1_000_000,
      version: '1.2.3',
      ...more,
    })
    return { outcome, sent }
  } finally {
    fetcher.close()
    server.closeAllConnections()
    server.close()
  }
}

const textOf = (outcome: Outcome): string =>
  outcome.type === 'answered' ? Buffer.from(outcome.body).toString() : `failed: ${outcome.why}`

test('it is asked as Prometheus asks', async () => {
  let seen: IncomingHttpHeaders = {}
  const { outcome } = await asking(
    (request, response) => {
      seen = request.headers
      response.setHeader('content-type', 'text/plain; version=0.0.4').end('x 1\n')
    },
    { headers: { authorization: 'Bearer open' } },
  )
  assert.equal(textOf(outcome), 'x 1\n')
  assert.equal(outcome.type === 'answered' && outcome.contentType, 'text/plain; version=0.0.4')
  assert.equal(seen.accept, acceptHeader)
  assert.match(acceptHeader, /^application\/openmetrics-text;version=1\.0\.0,.*\*\/\*;q=0\.1$/)
  assert.equal(seen['accept-encoding'], 'gzip')
  assert.equal(seen['x-prometheus-scrape-timeout-seconds'], '2')
  assert.equal(seen['user-agent'], 'tandem/1.2.3')
  assert.equal(seen.authorization, 'Bearer open')
})

test('a packed answer is unpacked, and what it would be unpacked counts', async () => {
  const packed =
    (text: string): RequestListener =>
    (_, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(text))
  assert.equal(textOf((await asking(packed('x 1\n'))).outcome), 'x 1\n')
  const bomb = await asking(packed('x'.repeat(50_000_000)), { limitBytes: 1_000 })
  assert.equal(textOf(bomb.outcome), 'failed: more than 1000 bytes')
})

test('a target that says 200 MB is cut long before', async () => {
  const { outcome, sent } = await asking((_, response) => {
    const piece = Buffer.alloc(65_536, 'x')
    let left = 200 * 2 ** 20
    const more = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= piece.length
        if (!response.write(piece)) return void response.once('drain', more)
      }
      response.end()
    }
    response.on('error', () => {})
    more()
  })
  assert.equal(textOf(outcome), 'failed: more than 1000000 bytes')
  assert.ok(sent < 50 * 2 ** 20, `${sent} bytes were sent`)
})

test('a target that hangs is cut, whether before its answer or in the middle of it', async () => {
  const late = 'failed: no answer within 0.2 s'
  assert.equal(textOf((await asking(() => {}, { timeoutMs: 200 })).outcome), late)
  const half: RequestListener = (_, response) => void response.write('x 1\n')
  assert.equal(textOf((await asking(half, { timeoutMs: 200 })).outcome), late)
})

test('an answer that ends early is none', async () => {
  const server = createPlain((socket) => {
    socket.on('error', () => {})
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx 1\n', () => socket.destroySoon())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const fetcher = openFetcher()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const outcome = await fetcher.ask({
    url,
    headers: {},
    timeoutMs: 2_000,
    limitBytes: 1_000,
    version: '1',
  })
  assert.equal(textOf(outcome), 'failed: the answer was cut off')
  server.close()
  await once(server, 'close')
  const gone = await fetcher.ask({ url, headers: {}, timeoutMs: 2_000, limitBytes: 1_000, version: '1' })
  assert.equal(textOf(gone), 'failed: nothing listens there: the connection was refused')
  fetcher.close()
})

test('another status is named, and where it went', async () => {
  const moved = await asking((_, response) => void response.writeHead(302, { location: '/login' }).end())
  assert.equal(textOf(moved.outcome), 'failed: HTTP status 302: it is at /login')
  const down = await asking((_, response) => void response.writeHead(503).end('no'))
  assert.equal(textOf(down.outcome), 'failed: HTTP status 503')
  const odd = await asking((_, response) => void response.setHeader('content-encoding', 'br').end('?'))
  assert.equal(textOf(odd.outcome), 'failed: it is packed in a way we did not ask for: br')
})
