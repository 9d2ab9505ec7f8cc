import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A line that the hub said to who pushes, and when it was read, in milliseconds after the push began. */
export type Heard = Readonly<{ ms: number; line: string }>

/** A push that goes on, as in somebody's terminal. */
export type Pushing = Readonly<{
  heard: readonly Heard[]
  /** What was said so far, as lines. */
  told: () => string
  /** As Ctrl-C does, to all of it. */
  interrupt: () => void
  /** What it ended with, after how long, and what was said. */
  end: Promise<Readonly<{ code: number | null; told: string; ms: number }>>
}>

/** Begins `git push OPTIONS tandem main` in a checkout. */
export function startPush(dir: string, env: NodeJS.ProcessEnv, options: readonly string[] = []): Pushing {
  const began = performance.now()
  const nowMs = (): number => performance.now() - began
  const child = spawn('git', ['-C', dir, 'push', ...options, 'tandem', 'main'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, as a terminal makes one.
    detached: true,
  })
  const heard: Heard[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    const said = /^remote: (.*?) *$/.exec(line)?.[1]
    if (said !== undefined) heard.push({ ms: nowMs(), line: said })
  })
  const told = (): string => heard.map(({ line }) => line).join('\n')
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    heard,
    told,
    interrupt: () => void process.kill(-(child.pid ?? 0), 'SIGINT'),
    end: closed.then((code) => ({ code, told: told(), ms: nowMs() })),
  }
}
