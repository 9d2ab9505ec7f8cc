import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FrontSettings, Front } from './exchange.ts'
import { newTallies } from './exchange.ts'
import { relay } from './relay.ts'
import { answerLine } from './runtime-command.ts'
import { openRuntimeSocket } from './runtime-socket.ts'
import { openSlots } from './slots.ts'
import { enter, leave } from './tally.ts'
import { tunnel } from './tunnel.ts'

const backlog = 4_096
const connectionLimit = 10_000
const headLimitMs = 30_000
const idleLimitMs = 60_000
const stopCheckMs = 20

/** `stop` takes no new connection, lets what is under way end within the limit, and cuts the rest. */
export type RunningFront = Readonly<{ stop: (limitMs: number) => Promise<void> }>

/** Holds the connections of an app on its port and gives each request to a slot that is ready. */
export async function openFront(settings: FrontSettings): Promise<RunningFront> {
  const stopping = new AbortController()
  const front: Front = {
    settings,
    slots: openSlots(settings.state),
    tallies: newTallies(),
    isStopping: () => stopping.signal.aborted,
  }
  const tunnels = new Set<Duplex>()
  const server = makeServer(front, tunnels)
  await listen(server, settings)
  const orders = await openRuntimeSocket(settings.socket, (line) => answerLine(front, line)).catch(
    (thrown: unknown) => {
      server.close()
      throw thrown
    },
  )
  return {
    stop: async (limitMs) => {
      stopping.abort()
      orders.close()
      await close(server, limitMs, tunnels)
    },
  }
}

function makeServer(front: Front, tunnels: Set<Duplex>): Server {
  const server = createServer({
    keepAliveTimeout: idleLimitMs,
    headersTimeout: headLimitMs,
    requestTimeout: 0,
    noDelay: true,
    shouldUpgradeCallback: isWebSocket,
  })
  server.maxConnections = connectionLimit
  server.on('connection', (socket) => {
    enter(front.tallies.frontend)
    socket.once('close', () => leave(front.tallies.frontend))
  })
  server.on('request', (request, response) => void relay(front, request, response))
  server.on('upgrade', (request, socket, head) => {
    tunnels.add(socket)
    socket.once('close', () => tunnels.delete(socket))
    void tunnel(front, request, socket, head)
  })
  return server
}

// Any other upgrade (h2c) is an offer that may be left unheard, and its request may have a body.
const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'

function listen(server: Server, { name, port }: FrontSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? `port ${port} is taken by another program: stop it, or give the app another port in tandem.ts`
          : cause.message
      reject(new Error(`the front of ${name} cannot listen: ${why}`, { cause }))
    })
    server.listen({ port, backlog }, resolve)
  })
}

async function close(server: Server, limitMs: number, tunnels: ReadonlySet<Duplex>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const tidying = setInterval(() => server.closeIdleConnections(), stopCheckMs)
  const late = setTimeout(() => {
    server.closeAllConnections()
    for (const socket of tunnels) socket.destroy()
  }, limitMs)
  await closed
  clearInterval(tidying)
  clearTimeout(late)
}
