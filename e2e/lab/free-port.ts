import { once } from 'node:events'
import { createServer } from 'node:net'

const [first, last] = [5_000, 9_999] as const
const mostTries = 100

/**
 * A port that nobody listens on, for a program that will. It is none of those that the kernel gives to connections and to
 * whoever asks for any port, nor one of a slot: other tests do not come by it meanwhile.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const port = first + Math.floor(Math.random() * (last - first + 1))
    const server = createServer().listen(port)
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    server.close()
    if (isFree) return port
  }
  throw new Error(`no port from ${first} to ${last} is free`)
}
