import { homedir, userInfo } from 'node:os'

export type Screen = Readonly<{
  isTty: boolean
  /** Infinity where nobody looks at it: a file or a pipe keeps whole lines. */
  columns: number
  rows: number
  hasColour: boolean
}>

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
  input: NodeJS.ReadStream
  /** Ctrl-C and a polite kill come here instead of ending the process; returns what gives them back. */
  onInterrupt: (listener: () => void) => () => void
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
    onInterrupt: (listener) => catchSignals(interrupts, listener),
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

function catchSignals(interrupts: Set<() => void>, listener: () => void): () => void {
  const ignored = () => {}
  interrupts.add(listener)
  process.on('SIGINT', listener)
  process.on('SIGTERM', listener)
  // A terminal that closes is no order to stop: what was begun is brought to its end.
  process.on('SIGHUP', ignored)
  return () => {
    interrupts.delete(listener)
    process.off('SIGINT', listener)
    process.off('SIGTERM', listener)
    process.off('SIGHUP', ignored)
  }
}
