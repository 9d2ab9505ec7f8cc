import { type ChildProcess, spawn } from 'node:child_process'

/** How a child ended: `text` is what it printed, when that was kept. */
export type Ended = Readonly<{ code: number; overdue: boolean; text: string }>

export type ChildWish = Readonly<{
  argv: readonly string[]
  cwd: string
  /** It and all it started are killed after this long. */
  limitMs: number
  /** `show` lets it print where we print; `keep` gathers what it prints, at most `keptBytes`. */
  output: 'show' | 'keep'
}>

const keptBytes = 4_000_000
const graceMs = 15_000

/**
 * The processes that tools start. Each leads a group of its own, so that it can be ended with all it started; a group
 * outlives neither us nor our death by kill -9, which a watcher sees by the closing of a pipe.
 */
export class Children {
  readonly #groups = new Map<number, ChildProcess>()
  #stopping = false

  constructor() {
    process.once('exit', () => this.#signal('SIGKILL'))
  }

  /** Runs a program to its end. A program that cannot be started ends with code 127. */
  async run(wish: ChildWish): Promise<Ended> {
    if (this.#stopping) return { code: 130, overdue: false, text: '' }
    const [program = '', ...args] = wish.argv
    const shown = wish.output === 'show'
    const child = spawn(program, args, {
      cwd: wish.cwd,
      env: environment(),
      detached: true,
      stdio: ['ignore', shown ? 'inherit' : 'pipe', shown ? 'inherit' : 'pipe'],
    })
    const { pid } = child
    if (pid === undefined) return { code: 127, overdue: false, text: await startError(child) }
    const watcher = watch(pid)
    this.#groups.set(pid, child)
    let overdue = false
    const limit = setTimeout(() => {
      overdue = true
      this.#end(pid)
    }, wish.limitMs)
    const text = kept(child)
    const code = await ending(child)
    clearTimeout(limit)
    this.#groups.delete(pid)
    // What it left behind goes with it.
    signalGroup(pid, 'SIGKILL')
    watcher.kill('SIGKILL')
    return { code, overdue, text: text() }
  }

  /** Ends all that runs: asked first, so that a lab can tear down, killed when that takes too long. */
  stop(): void {
    this.#stopping = true
    for (const pid of this.#groups.keys()) this.#end(pid)
  }

  #end(pid: number): void {
    signalGroup(pid, 'SIGTERM')
    setTimeout(() => {
      if (this.#groups.has(pid)) signalGroup(pid, 'SIGKILL')
    }, graceMs).unref()
  }

  #signal(signal: NodeJS.Signals): void {
    for (const pid of this.#groups.keys()) signalGroup(pid, signal)
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** A process that holds the other end of a pipe from us, and ends the group when we are gone. */
function watch(pid: number): ChildProcess {
  const script = 'cat >/dev/null; kill -s TERM -- "-$1"; sleep 15; kill -s KILL -- "-$1"'
  const watcher = spawn('sh', ['-c', script, 'sh', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watcher.unref()
  return watcher
}

/** A test runner that runs inside a test must not take itself for a part of the outer one. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _outer, ...rest } = process.env
  return rest
}

function kept(child: ChildProcess): () => string {
  const chunks: Buffer[] = []
  let bytes = 0
  const take = (chunk: Buffer) => {
    if (bytes < keptBytes) chunks.push(chunk)
    bytes += chunk.length
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  return () => Buffer.concat(chunks).toString('utf8')
}

function ending(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 143)))
  })
}

function startError(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
  })
}
