import { createServer, connect } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { once } from 'node:events'
import { openLane } from './lane.ts'
import type { Lane } from './lane.ts'

export type CableOptions = Readonly<{
  to: Readonly<{ host: string; port: number }>
  /** How much longer a question and its answer take through the cable. */
  roundTripMs: number
}>

/** A TCP connection's way from us to a host, that can be slow, freeze or break. Use it as { host, port }. */
export type Cable = Readonly<{
  host: string
  port: number
  /** From now on packets vanish both ways: connections stay open and nothing comes. */
  cut: () => void
  /** Lets packets through again; what was sent meanwhile arrives, as TCP would send it again. */
  mend: () => void
  /** Breaks every open connection with a reset, at both ends. */
  reset: () => void
  /** Bytes that have arrived at the far end, up from us and down to us. */
  bytes: () => Readonly<{ up: number; down: number }>
  connections: () => number
  close: () => Promise<void>
}>

type Pair = Readonly<{ near: Socket; far: Socket; up: Lane; down: Lane }>

export async function openCable(options: CableOptions): Promise<Cable> {
  const pairs = new Set<Pair>()
  const carried = { up: 0, down: 0 }
  let isCut = false
  const lay = (near: Socket) => {
    const pair = layPair(near, options, (way, bytes) => (carried[way] += bytes))
    if (isCut) setFrozen(pair, true)
    pairs.add(pair)
    const gone = () => {
      if (near.destroyed && pair.far.destroyed) pairs.delete(pair)
    }
    near.once('close', gone)
    pair.far.once('close', gone)
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, lay)
  const port = await listen(server)
  const freeze = (frozen: boolean) => {
    isCut = frozen
    for (const pair of pairs) setFrozen(pair, frozen)
  }
  const reset = () => {
    for (const pair of pairs) breakPair(pair)
  }
  return {
    host: '127.0.0.1',
    port,
    cut: () => freeze(true),
    mend: () => freeze(false),
    reset,
    bytes: () => ({ ...carried }),
    connections: () => pairs.size,
    close: async () => {
      server.close()
      reset()
      await once(server, 'close')
    },
  }
}

function layPair(
  near: Socket,
  options: CableOptions,
  count: (way: 'up' | 'down', bytes: number) => void,
): Pair {
  const far = connect({ ...options.to, allowHalfOpen: true, noDelay: true })
  const oneWayMs = options.roundTripMs / 2
  // The kernel next door answers a handshake at once; over a long cable it would have cost a round trip first.
  const handshakeOverAt = performance.now() + options.roundTripMs
  const up = openLane(near, far, {
    delayMs: oneWayMs,
    notBefore: handshakeOverAt,
    count: (n) => count('up', n),
  })
  const down = openLane(far, near, {
    delayMs: oneWayMs,
    notBefore: handshakeOverAt,
    count: (n) => count('down', n),
  })
  const pair = { near, far, up, down }
  for (const socket of [near, far]) socket.on('error', () => breakPair(pair))
  return pair
}

function setFrozen({ up, down }: Pair, frozen: boolean): void {
  up.setFrozen(frozen)
  down.setFrozen(frozen)
}

function breakPair({ near, far, up, down }: Pair): void {
  up.close()
  down.close()
  near.resetAndDestroy()
  far.resetAndDestroy()
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
