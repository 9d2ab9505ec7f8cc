import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const PAUSE_MS = 25
const ATTEMPT_MS = 500

/** Returns when an SSH server has said its banner at address; throws when none has after limitMs. */
export async function waitForSsh(address: string, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs
  while (Date.now() < deadline) {
    if (await saysBanner(address)) return
    await sleep(PAUSE_MS)
  }
  throw new Error(`no SSH banner from ${address}:22 in ${limitMs / 1000} s`)
}

function saysBanner(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: ATTEMPT_MS })
    const answer = (said: boolean) => {
      socket.destroy()
      resolve(said)
    }
    socket.once('data', (bytes) => answer(bytes.toString('latin1').startsWith('SSH-2.0')))
    socket.once('error', () => answer(false))
    socket.once('timeout', () => answer(false))
    socket.once('close', () => answer(false))
  })
}
