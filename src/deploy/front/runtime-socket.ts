import { mkdir, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { basename, dirname } from 'node:path'

const longestLine = 16_384
const silenceLimitMs = 10_000
const connectionLimit = 64
/** What fits into the kernel's socket address. */
const longestPath = 107

/** Listens for one line per connection and answers it, as HAProxy's runtime socket does. Throws when it is in use. */
export async function openRuntimeSocket(path: string, answer: (line: string) => string): Promise<Server> {
  await mkdir(dirname(path), { recursive: true })
  const place = reachable(path)
  if (await isAnswered(place)) throw new Error(`another front answers at ${path}: stop it first`)
  await rm(path, { force: true })
  const server = createServer((socket) => converse(socket, answer))
  server.maxConnections = connectionLimit
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new Error(`cannot listen at ${path}`, { cause })))
    server.listen(place, resolve)
  })
  return server
}

/** Deep folders make paths that the kernel does not take; from inside the folder the name alone will do. */
function reachable(path: string): string {
  if (Buffer.byteLength(path) <= longestPath) return path
  process.chdir(dirname(path))
  return basename(path)
}

function isAnswered(place: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(place)
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

function converse(socket: Socket, answer: (line: string) => string): void {
  let heard = ''
  socket.setEncoding('utf8')
  socket.setTimeout(silenceLimitMs, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('data', (text: string) => {
    heard += text
    const end = heard.indexOf('\n')
    if (end >= 0) {
      socket.removeAllListeners('data')
      socket.end(answer(heard.slice(0, end)))
    } else if (heard.length > longestLine) socket.destroy()
  })
}
