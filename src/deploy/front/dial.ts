import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exchange, Front } from './exchange.ts'

const dialLimitMs = 5_000
const firstPauseMs = 10
const longestPauseMs = 250
/** As long as HAProxy is told to wait for an app that says nothing. */
const silenceLimitMs = 3_600_000

/**
 * A new connection to a slot that is ready, so that none is reused at the moment the app closes it. An app that just
 * restarts refuses for a moment: it is asked again for up to 5 s, each time in the slot that is ready then. `null`
 * when there is no such slot, nobody listened, or the client has gone.
 */
export async function dial(
  front: Front,
  exchange: Exchange,
  isWanted: () => boolean,
): Promise<Socket | null> {
  const deadlineMs = performance.now() + dialLimitMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const slot = front.slots.pick()
    if (slot === null) return null
    exchange.take(slot)
    const socket = await connectTo(front.settings.ports[slot])
    if (socket !== null) {
      exchange.connected()
      return socket
    }
    if (performance.now() + pauseMs > deadlineMs) break
    await sleep(pauseMs)
    if (!isWanted()) return null
    exchange.retried()
  }
  exchange.refused()
  return null
}

function connectTo(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const failed = (): void => resolve(null)
    socket.once('error', failed)
    socket.once('connect', () => {
      socket.off('error', failed)
      // Whoever takes the socket over listens for itself; until then an error has nobody to go to.
      socket.on('error', () => socket.destroy())
      socket.setTimeout(silenceLimitMs, () => socket.destroy(new Error('the app was silent for an hour')))
      resolve(socket)
    })
  })
}
