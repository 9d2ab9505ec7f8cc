// A web app that a deploy can be tried on: short and slow answers, uploads, event streams and WebSockets, a
// graceful end, its numbers, and a file, mode.txt, that says in which way this release is bad.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { acceptWebSocket } from './web-socket.js'

const FOLDER = new URL('.', import.meta.url)
const MODES = ['good', 'crash-at-start', 'never-ready', 'unhealthy', 'errors', 'slow-start']
const EVENT_EVERY_MS = 100
const SLOW_START_MS = Number(process.env.SLOW_START_MS ?? 5000)
const MAX_SLOW_MS = 60_000
const STOP_LIMIT_MS = 25_000
const STOP_CHECK_MS = 20

const mode = readText('mode.txt', 'good')
const releaseText = readText('release.txt', 'no release.txt')
const release = process.env.TANDEM_RELEASE ?? 'unknown'

const streams = new Map()
const webSockets = new Set()
let isStopping = false
let served = 0

if (!MODES.includes(mode)) throw new Error(`mode.txt says ${mode}; it may say ${MODES.join(', ')}`)
if (mode === 'crash-at-start') {
  console.error('cannot read config: DATABASE_URL is not set')
  process.exit(1)
}

const server = createServer(answer)
// Longer than any front keeps its side open, or the two would race and the client see a reset.
server.keepAliveTimeout = 65_000
server.on('upgrade', upgrade)
setTimeout(listen, mode === 'slow-start' ? SLOW_START_MS : 0)
const ticking = setInterval(sendEvents, EVENT_EVERY_MS)
process.on('SIGTERM', stop)
process.on('SIGINT', stop)

function listen() {
  if (isStopping) return
  const port = Number(process.env.PORT ?? 3000)
  server.listen(port, process.env.HOST ?? '127.0.0.1', () => {
    console.log(`release ${release} listens on port ${server.address().port}`)
  })
}

function answer(request, response) {
  response.setHeader('x-release', release)
  response.once('finish', () => (served += 1))
  if (isStopping) response.setHeader('connection', 'close')
  const url = new URL(request.url, 'http://app')
  if (url.pathname === '/') return home(response)
  if (url.pathname === '/health') return health(response)
  if (url.pathname === '/slow') return slow(response, Number(url.searchParams.get('ms') ?? 500))
  if (url.pathname === '/upload') return upload(request, response)
  if (url.pathname === '/events') return events(response)
  if (url.pathname === '/metrics') return metrics(response)
  return say(response, 404, 'not found\n')
}

function home(response) {
  if (mode === 'errors') return say(response, 500, 'cannot render: template is undefined\n')
  return say(response, 200, `${releaseText}\n`)
}

function health(response) {
  if (mode === 'unhealthy') return say(response, 500, 'database: connection refused\n')
  if (mode === 'never-ready') return say(response, 503, 'starting\n')
  return say(response, 200, 'ok\n')
}

function metrics(response) {
  return say(response, 200, `# TYPE shop_requests_total counter\nshop_requests_total ${served}\n`)
}

function slow(response, ms) {
  setTimeout(() => say(response, 200, `after ${ms} ms\n`), Math.min(ms, MAX_SLOW_MS))
}

function upload(request, response) {
  const hash = createHash('sha256')
  request.on('data', (piece) => hash.update(piece))
  request.on('end', () => say(response, 200, hash.digest('hex')))
}

function events(response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write('id: 0\ndata: 0\n\n')
  if (isStopping) return response.end()
  streams.set(response, 0)
  response.on('close', () => streams.delete(response))
}

function sendEvents() {
  for (const [response, count] of streams) {
    streams.set(response, count + 1)
    response.write(`id: ${count + 1}\ndata: ${count + 1}\n\n`)
  }
}

function upgrade(request, socket) {
  if (new URL(request.url, 'http://app').pathname !== '/ws' || isStopping) {
    const status = isStopping ? '503 Service Unavailable' : '404 Not Found'
    return socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
  }
  const webSocket = acceptWebSocket(request, socket, { 'x-release': release })
  webSockets.add(webSocket)
  socket.on('close', () => webSockets.delete(webSocket))
}

function say(response, status, text) {
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

// What is under way is finished: streams end between two events, sockets close with "going away".
function stop() {
  if (isStopping) return
  isStopping = true
  clearInterval(ticking)
  if (!server.listening) process.exit(0)
  let isClosed = false
  server.close(() => (isClosed = true))
  for (const response of streams.keys()) response.end()
  for (const webSocket of webSockets) webSocket.close(1001)
  setInterval(() => {
    server.closeIdleConnections()
    if (isClosed && webSockets.size === 0) process.exit(0)
  }, STOP_CHECK_MS)
  setTimeout(() => process.exit(1), STOP_LIMIT_MS)
}

function readText(name, otherwise) {
  const file = new URL(name, FOLDER)
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : otherwise
}
