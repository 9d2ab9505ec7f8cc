import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { TroubleError } from '../change/trouble.ts'
import type { Answer } from './answer.ts'
import { tandem } from './define.ts'
import { programFor } from './evaluate.ts'

export type ReadLimits = Readonly<{ limitMs: number; limitBytes: number }>

const limits: ReadLimits = { limitMs: 5000, limitBytes: 4 * 1024 * 1024 }

/** What the child left behind: its answer, and what the configuration printed while it was evaluated. */
export type Reading = Readonly<{ answer: Answer; printed: string }>

/**
 * Evaluates `dir/tandem.ts` in a child process that may read the folder and nothing else, and returns what it answered.
 * Throws a `TroubleError` when there is no such file, or no answer within the limits.
 */
export async function readConfig(dir: string, within: ReadLimits = limits): Promise<Reading> {
  const real = folder(dir)
  return await new Promise((settle, fail) => {
    const child = spawn(process.execPath, argumentsFor(real), {
      cwd: real,
      env: {},
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = collect(child.stdout, within.limitBytes, () => stop('too much'))
    const printed = collect(child.stderr, within.limitBytes, () => stop('too much'))
    let stopped: 'overdue' | 'too much' | null = null
    const stop = (why: 'overdue' | 'too much') => {
      stopped ??= why
      child.kill('SIGKILL')
    }
    const alarm = setTimeout(() => stop('overdue'), within.limitMs)
    child.on('error', fail)
    child.on('close', (code) => {
      clearTimeout(alarm)
      const answer = code === 0 && stopped === null ? parsed(said()) : null
      if (answer !== null) settle({ answer, printed: printed() })
      else fail(unanswered({ stopped, code, printed: printed() }, within))
    })
  })
}

/** Not awaited, so that the child has started before the caller does anything else. */
function folder(dir: string): string {
  try {
    return realpathSync(dir)
  } catch {
    throw missing(dir)
  }
}

function argumentsFor(dir: string): readonly string[] {
  // The program is JavaScript already, so Node need not find out.
  const program = programFor({ dir, define: `export ${String(tandem)}` })
  return [
    '--permission',
    `--allow-fs-read=${dir}`,
    '--disable-warning=ExperimentalWarning',
    '--max-old-space-size=256',
    '--input-type=commonjs',
    '--eval',
    program,
  ]
}

function collect(stream: NodeJS.ReadableStream, limitBytes: number, overflow: () => void): () => string {
  const chunks: Buffer[] = []
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > limitBytes) overflow()
    else chunks.push(chunk)
  })
  return () => Buffer.concat(chunks).toString()
}

/** Only our own functions write to the child's standard output, unless the configuration goes out of its way. */
function parsed(said: string): Answer | null {
  try {
    return JSON.parse(said) as Answer
  } catch {
    return null
  }
}

export function missing(dir: string): TroubleError {
  return new TroubleError({
    what: 'there is no tandem.ts here',
    where: join(resolve(dir), 'tandem.ts'),
    now: 'run `tandem init` to write one',
  })
}

type Silence = Readonly<{ stopped: 'overdue' | 'too much' | null; code: number | null; printed: string }>

function unanswered({ stopped, code, printed }: Silence, within: ReadLimits): TroubleError {
  const tail = printed.split('\n').filter(Boolean).slice(-10)
  return new TroubleError({
    ...reason(stopped, code, within),
    where: 'tandem.ts',
    ...(tail.length > 0 && { tail }),
  })
}

function reason(stopped: Silence['stopped'], code: number | null, { limitMs, limitBytes }: ReadLimits) {
  if (stopped === 'overdue') {
    const what = `tandem.ts was not done after ${limitMs / 1000} s and was stopped`
    return { what, now: 'look for a loop or a wait in it' }
  }
  if (stopped === 'too much') {
    const what = `tandem.ts is more than ${limitBytes / 1024 / 1024} MB of data`
    return { what, now: 'look for a list in it that grows' }
  }
  if (code === 0)
    return { what: 'tandem.ts waits for something that never comes', now: 'look for an await in it' }
  const how = code === null ? 'it may take 256 MB of memory' : `exit code ${code}`
  return { what: `tandem.ts came to no end (${how})`, now: 'look for a list in it that grows' }
}
