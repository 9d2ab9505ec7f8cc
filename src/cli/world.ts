import { homedir, userInfo } from 'node:os'
import type { Readable } from 'node:stream'

export type Screen = Readonly<{
  isTty: boolean
  /** Infinity where nobody looks at it: a file or a pipe keeps whole lines. */
  columns: number
  rows: number
  hasColour: boolean
}>

/** Standard input: a terminal has a raw mode, in which it does not show what is typed. */
export type Input = Readable & { isTTY?: boolean; isRaw?: boolean; setRawMode?: (isRaw: boolean) => unknown }

/** All that commands may see and touch of the world outside the hub. */
export type World = Readonly<{
  /** Writes a line (or several) to standard output. */
  out: (text: string) => void
  err: (text: string) => void
  /** Writes as it is: for a view that draws itself anew. */
  draw: (text: string) => void
  screen: () => Screen
  env: Readonly<Record<string, string | undefined>>
  cwd: string
  home: string
  user: string
  now: () => number
  input: Input
  /** Ctrl-C and a polite kill come here instead of ending the process; returns what gives them back. */
  onInterrupt: (listener: () => void) => () => void
  /** As `onInterrupt`, for a terminal that closes. */
  onHangup: (listener: () => void) => () => void
}>

/** The world of this process. */
export function processWorld(): World {
  const interrupts = new Set<() => void>()
  const { stdout, stderr } = process
  endOnClosedPipe(() => interrupts.size > 0)
  return {
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(`${text}\n`),
    draw: (text) => void stdout.write(text),
    screen: () => screenOf(stdout),
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    user: userInfo().username,
    now: Date.now,
    input: process.stdin,
    onInterrupt: (listener) => {
      interrupts.add(listener)
      const giveBack = ['SIGINT', 'SIGTERM'].map((signal) => onSignal(signal, listener))
      return () => {
        interrupts.delete(listener)
        for (const give of giveBack) give()
      }
    },
    onHangup: (listener) => onSignal('SIGHUP', listener),
  }
}

function screenOf(stdout: NodeJS.WriteStream): Screen {
  const isTty = stdout.isTTY === true
  const { NO_COLOR = '', FORCE_COLOR = '', TERM } = process.env
  const isForced = FORCE_COLOR !== '' && FORCE_COLOR !== '0'
  return {
    isTty: isTty && TERM !== 'dumb',
    columns: isTty ? Math.max(stdout.columns, 20) : Infinity,
    rows: isTty ? Math.max(stdout.rows, 5) : Infinity,
    hasColour: NO_COLOR === '' && (isForced || (isTty && TERM !== 'dumb')),
  }
}

/** `tandem log | head` ends when head does; a command that watches over a change goes on without being read. */
function endOnClosedPipe(isWatching: () => boolean): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {
      if (!isWatching()) process.exit(0)
    })
  }
}

function onSignal(signal: string, listener: () => void): () => void {
  process.on(signal, listener)
  return () => void process.off(signal, listener)
}
