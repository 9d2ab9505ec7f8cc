import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const readyLimitMs = 30_000
const endLimitMs = 20_000

/** A program of a peer that answers by HTTP. `end` lets it write down what it has; `kill` does not. */
export type PeerProcess = Readonly<{ pid: number; end: () => Promise<void>; kill: () => Promise<void> }>

/** Starts a program, and waits until it answers at `health`. */
export async function startPeer(command: readonly string[], health: string): Promise<PeerProcess> {
  const [program = '', ...words] = command
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'inherit'] })
  const peer = {
    pid: child.pid ?? 0,
    end: () => ended(child, 'SIGTERM'),
    kill: () => ended(child, 'SIGKILL'),
  }
  try {
    await ready(child, health)
    return peer
  } catch (error) {
    await peer.kill()
    throw error
  }
}

async function ready(child: ChildProcess, health: string): Promise<void> {
  const until = Date.now() + readyLimitMs
  while (Date.now() < until && child.exitCode === null) {
    const answer = await fetch(health).catch(() => null)
    if (answer?.ok === true) return
    await sleep(50)
  }
  throw new Error(`${child.spawnfile} was not ready after ${readyLimitMs / 1000} s`)
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  const late = setTimeout(() => child.kill('SIGKILL'), endLimitMs)
  await gone
  clearTimeout(late)
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a port has a number')
  return address.port
}
