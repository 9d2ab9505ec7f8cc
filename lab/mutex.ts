import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const RETRY_MS = 40

/**
 * Runs work while no other process of this machine holds the same name.
 * Throws when the name is still held after limitMs.
 */
export async function withMutex<T>(name: string, limitMs: number, work: () => Promise<T>): Promise<T> {
  const held = await acquire(name, limitMs)
  try {
    return await work()
  } finally {
    await new Promise((resolve) => held.close(resolve))
  }
}

// A listening abstract socket is a lock that the kernel lets go of when its holder dies, kill -9 included.
async function acquire(name: string, limitMs: number): Promise<Server> {
  const deadline = Date.now() + limitMs
  while (Date.now() < deadline) {
    const server = await tryListen(`\0tandem-lab/${name}`)
    if (server) return server
    await sleep(RETRY_MS)
  }
  throw new Error(
    `another process has held the lab lock "${name}" for ${limitMs / 1000} s; end it or try again`,
  )
}

function tryListen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen({ path }, () => resolve(server))
  })
}
