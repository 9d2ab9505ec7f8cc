import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'

const eventEveryMs = 20

/** A small app in one slot, to try fronts on. What asks for `/held` is answered when it is let go. */
export type TryApp = Readonly<{ letGo: () => void; stop: () => Promise<void> }>

export async function startTryApp(slot: string, port: number): Promise<TryApp> {
  const sockets = new WebSocketServer({ noServer: true })
  sockets.on('connection', (socket) =>
    socket.on('message', (text: Buffer) => socket.send(`${slot}: ${text.toString()}`)),
  )
  const held = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    response.setHeader('x-slot', slot)
    if (request.url === '/held') held.add(response)
    else serveTry(slot, request, response)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    if (request.url !== '/ws') {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nno ws')
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    letGo: () => {
      for (const response of held) response.end('held')
      held.clear()
    },
    stop: () => stop(server, sockets),
  }
}

function serveTry(slot: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://app')
  switch (url.pathname) {
    case '/slow':
      setTimeout(() => response.end('slow'), Number(url.searchParams.get('ms')))
      return
    case '/events':
      sendEvents(response)
      return
    case '/quiet':
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      return
    case '/upload':
      digest(request, response)
      return
    case '/status':
      response.writeHead(Number(url.searchParams.get('is'))).end('as asked')
      return
    case '/close':
      request.socket.end()
      return
    case '/half':
      response.writeHead(200, { 'content-length': 100 })
      response.write('half')
      setTimeout(() => response.destroy(), eventEveryMs)
      return
    case '/heard':
      response.writeHead(200, { 'set-cookie': ['one=1', 'two=2'] })
      response.end(
        JSON.stringify({ url: request.url, method: request.method, fields: request.headersDistinct }),
      )
      return
  }
  response.end(`hello from ${slot}`)
}

function sendEvents(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
  let count = 0
  const ticking = setInterval(() => response.write(`data: ${(count += 1)}\n\n`), eventEveryMs)
  response.once('close', () => clearInterval(ticking))
}

function digest(request: IncomingMessage, response: ServerResponse): void {
  const hash = createHash('sha256')
  request.on('data', (piece: Buffer) => hash.update(piece))
  request.on('end', () => response.end(hash.digest('hex')))
}

async function stop(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.terminate()
  sockets.close()
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
