import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { Faults } from '../lines/fault.ts'
import { LineStream, type TakeLine } from '../lines/lines-of.ts'

export type TcpServer = Readonly<{ connections: () => number; close: () => Promise<void> }>

const connectionsLimit = 1_000
const silentMs = 10 * 60_000
/** A line of a connection may be as long; one of a packet may fill it. */
export const lineBytes = 8 * 1024

/** Takes lines out of connections. Nothing is ever answered. */
export async function openTcp(
  { address, port }: Readonly<{ address: string; port: number }>,
  { takeLine, faults }: Readonly<{ takeLine: TakeLine; faults: Faults }>,
): Promise<TcpServer> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    const lines = new LineStream(takeLine, faults, lineBytes)
    socket.setTimeout(silentMs, () => socket.destroy())
    socket.on('data', (piece) => lines.push(Buffer.from(piece)))
    // A connection that breaks may have broken within a number: only who ends has said all of it.
    socket.on('end', () => lines.close())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
  })
  server.maxConnections = connectionsLimit
  server.listen({ host: address, port })
  await once(server, 'listening')
  return {
    connections: () => open.size,
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
