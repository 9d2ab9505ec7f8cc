import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

/** A process of ours that stands for a session on a host: `ssh`, or a shell of this machine. */
export type Link = Readonly<{
  /** Of the process here; undefined when it could not be started. */
  pid: number | undefined
  stdin: Writable
  stdout: Readable
  stderr: Readable
  /** Resolves when the process has ended and everything it printed was read. */
  gone: Promise<LinkEnd>
  /** Ends the session: the far end sees its input end and cleans up. What runs detached there goes on. */
  cut: () => void
}>

export type LinkEnd = Readonly<{ code: number | null; signal: string | null; failed: Error | null }>

/** Starts such a process; tests put themselves between. */
export type Dial = (argv: readonly [string, ...string[]], env: Readonly<Record<string, string>>) => Link

/** How long output may still come after the process has ended: an ssh master may keep the pipe open. */
const DRAIN_MS = 500
/** A process that has lost its pipes and is still there after this long is killed. */
const CUT_MS = 1_000

/** Runs `argv` in a session of its own, so that a Ctrl-C at our terminal does not reach it. */
export const dialProcess: Dial = ([file, ...args], env) => {
  const child = spawn(file, args, { env: { ...env }, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  const gone = new Promise<LinkEnd>((resolve) => {
    child.once('error', (failed) => resolve({ code: null, signal: null, failed }))
    child.once('close', (code, signal) => resolve({ code, signal, failed: null }))
    child.once('exit', (code, signal) => {
      setTimeout(() => resolve({ code, signal, failed: null }), DRAIN_MS).unref()
    })
  })
  // A session that ends while we still write is told through `gone`; the write error adds nothing.
  child.stdin.on('error', () => {})
  const cut = (): void => {
    child.stdin.destroy()
    child.stdout.destroy()
    child.stderr.destroy()
    const last = setTimeout(() => child.kill('SIGKILL'), CUT_MS).unref()
    void gone.then(() => clearTimeout(last))
  }
  return { pid: child.pid, stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, gone, cut }
}
