import { spawn, spawnSync } from 'node:child_process'

export type Outcome = Readonly<{ code: number; stdout: string; stderr: string }>

export type RunOptions = Readonly<{
  input?: string | Uint8Array
  timeoutMs?: number
  env?: NodeJS.ProcessEnv
}>

const DEFAULT_TIMEOUT_MS = 120_000
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024
const KILLED_CODE = 137

/** Runs argv to its end and returns what it said; a signal or a timeout is code 137. Throws if it cannot start. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [program = '', ...rest] = argv
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      killSignal: 'SIGKILL',
      env: options.env ?? process.env,
    })
    const stdout = gather(child.stdout)
    const stderr = gather(child.stderr)
    child.on('error', (cause) => reject(new Error(`cannot run ${program}: ${cause.message}`, { cause })))
    child.on('close', (code) => resolve({ code: code ?? KILLED_CODE, stdout: stdout(), stderr: stderr() }))
    // A program may end before it has read all of its input; its exit code tells that story better.
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input)
  })
}

/** Like run, but an exit code other than 0 is an error that carries the last lines of stderr. */
export async function mustRun(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  return succeeded(argv, await run(argv, options))
}

/** Blocks; for teardown, which must also work while the process is exiting. */
export function runSync(argv: readonly string[], options: RunOptions = {}): Outcome {
  const [program = '', ...rest] = argv
  const result = spawnSync(program, rest, {
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT_BYTES,
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    env: options.env ?? process.env,
    ...(options.input === undefined ? {} : { input: options.input }),
  })
  if (result.error && result.pid === 0)
    throw new Error(`cannot run ${program}: ${result.error.message}`, { cause: result.error })
  return { code: result.status ?? KILLED_CODE, stdout: result.stdout, stderr: result.stderr }
}

/** Like runSync, but an exit code other than 0 is an error. */
export function mustRunSync(argv: readonly string[], options: RunOptions = {}): string {
  return succeeded(argv, runSync(argv, options))
}

function succeeded(argv: readonly string[], outcome: Outcome): string {
  if (outcome.code === 0) return outcome.stdout
  const last = outcome.stderr.trim().split('\n').slice(-8).join('\n')
  throw new Error(
    `${argv.join(' ')} failed with exit code ${outcome.code}: ${last || outcome.stdout.slice(-500)}`,
  )
}

function gather(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= MAX_OUTPUT_BYTES) chunks.push(chunk)
  })
  return () => Buffer.concat(chunks).toString('utf8')
}
