import type { ChildProcess } from 'node:child_process'
import type { Ran } from './trial.ts'

/** A command that runs. */
export type Begun = Readonly<{
  pid: number
  /** Resolves at its end; a signal is the code 128. */
  ended: Promise<Ran>
  /** What it has written so far, to both streams. */
  said: () => string
  /** Resolves when it has written this; rejects when it ends or the limit is over before. */
  until: (pattern: RegExp, limitMs?: number) => Promise<void>
  signal: (name: NodeJS.Signals) => void
  /** Writes to its standard input and closes that. */
  type: (text: string) => void
}>

const lookMs = 10
const untilLimitMs = 60_000

export function begun(name: string, child: ChildProcess): Begun {
  const began = performance.now()
  const kept = { out: '', err: '' }
  child.stdout?.on('data', (bytes: Buffer) => (kept.out += bytes.toString()))
  child.stderr?.on('data', (bytes: Buffer) => (kept.err += bytes.toString()))
  // A command that never reads what is typed to it may end first.
  child.stdin?.on('error', () => {})
  let isOver = false
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      isOver = true
      resolve({ code: code ?? 128, ...kept, ms: performance.now() - began })
    })
  })
  const said = (): string => kept.out + kept.err
  return {
    pid: child.pid ?? 0,
    ended,
    said,
    until: async (pattern, limitMs = untilLimitMs) => {
      const deadline = performance.now() + limitMs
      while (!pattern.test(said())) {
        if (isOver || performance.now() > deadline)
          throw new Error(`tandem ${name} never said ${String(pattern)}; it said: ${said().slice(-3000)}`)
        await new Promise((resolve) => setTimeout(resolve, lookMs))
      }
    },
    signal: (name) => void child.kill(name),
    type: (text) => child.stdin?.end(text),
  }
}
