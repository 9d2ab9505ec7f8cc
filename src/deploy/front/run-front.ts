import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const startLimitMs = 5_000

/** A front as a process of its own. */
export type FrontProcess = Readonly<{
  said: () => string
  signal: (name: NodeJS.Signals) => void
  ended: Promise<number | null>
}>

export function runFront(words: readonly string[]): FrontProcess {
  const [program = '', ...rest] = words
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { said: () => said, signal: (name) => void child.kill(name), ended }
}

/** Waits until the front's runtime socket is there. */
export async function untilThere(socket: string, front: FrontProcess): Promise<void> {
  const deadlineMs = performance.now() + startLimitMs
  while (!(await isThere(socket))) {
    if (performance.now() > deadlineMs) throw new Error(`the front did not start: ${front.said()}`)
    await sleep(10)
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
