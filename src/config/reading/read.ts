import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { pathToFileURL } from 'node:url'
import type { Answer, Progress, Question, Source } from './answer.ts'
import { programFor } from './evaluate.ts'
import { watchTime } from './overdue.ts'
import type { RecipeHost } from '../infra/recipe-wish.ts'
import { recipeMark } from './said.ts'
import { sandboxModules } from './words.ts'

/** `limitMs` is of the processor: a busy machine is no loop. */
export type ReadLimits = Readonly<{ limitMs: number; limitBytes: number }>

const limits: ReadLimits = { limitMs: 5000, limitBytes: 4 * 1024 * 1024 }

/** What recipes say grows with the hosts, and so does the time that it takes. */
const recipeLimits = (hosts: number): ReadLimits => ({
  limitMs: limits.limitMs + 20 * hosts,
  limitBytes: 128 * 1024 * 1024,
})

/** What the child left behind: its answer, and what the configuration printed while it was evaluated. */
export type Reading = Readonly<{ answer: Answer; printed: string }>

/**
 * Evaluates `dir/tandem.ts` in a child process that may read the folder and nothing else, and returns what it answered.
 * Throws a `TroubleError` when there is no such file, or no answer within the limits.
 */
export async function readConfig(dir: string, within: ReadLimits = limits): Promise<Reading> {
  return await ask(questionFor(folder(dir), 'config'), '', within)
}

/** The same, and asks the recipes of these hosts: all in one child, one after the other. */
export async function askRecipes(
  dir: string,
  hosts: readonly RecipeHost[],
  within: ReadLimits = recipeLimits(hosts.length),
): Promise<Reading> {
  return await ask(questionFor(folder(dir), 'recipes'), JSON.stringify(hosts), within)
}

async function ask(question: Question, input: string, within: ReadLimits): Promise<Reading> {
  return await new Promise((settle, fail) => {
    const child = spawn(process.execPath, argumentsFor(question), {
      cwd: question.dir,
      env: {},
      stdio: 'pipe',
    })
    // A child that has ended takes no more input; that it has ended is told elsewhere.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const said = collect(child.stdout, within.limitBytes, () => stop('too much'))
    const printed = collect(child.stderr, within.limitBytes, () => stop('too much'))
    let stopped: 'overdue' | 'too much' | null = null
    const stop = (why: 'overdue' | 'too much') => {
      stopped ??= why
      child.kill('SIGKILL')
    }
    const watched = watchTime(child.pid, within.limitMs, () => stop('overdue'))
    child.on('error', fail)
    child.on('close', (code) => {
      watched()
      const lines = parsed(said())
      const answer = code === 0 && stopped === null ? answerIn(lines) : null
      if (answer !== null) settle({ answer, printed: printed() })
      else
        unanswered({ stopped, code, printed: printed(), lines, dir: question.dir }, within).then(fail, fail)
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

function questionFor(dir: string, asks: Question['asks']): Question {
  return { dir, modules: sandboxModules(`${pathToFileURL(dir).href}/`), recipeMark, asks }
}

function argumentsFor(question: Question): readonly string[] {
  return [
    '--permission',
    `--allow-fs-read=${question.dir}`,
    '--disable-warning=ExperimentalWarning',
    '--max-old-space-size=256',
    '--input-type=commonjs',
    '--eval',
    // The program is JavaScript already, so Node need not find out.
    programFor(question),
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

/** What the child wrote, line by line. Only our own functions write there, unless the configuration goes out of its way. */
function parsed(said: string): readonly (Progress | Answer)[] {
  try {
    return said
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Progress | Answer)
  } catch {
    return []
  }
}

function answerIn(lines: readonly (Progress | Answer)[]): Answer | null {
  const last = lines.at(-1)
  return last !== undefined && 'result' in last ? last : null
}

export function missing(dir: string): TroubleError {
  return new TroubleError({
    what: 'there is no tandem.ts here',
    where: join(resolve(dir), 'tandem.ts'),
    now: 'run `tandem init` to write one',
  })
}

type Silence = Readonly<{
  stopped: 'overdue' | 'too much' | null
  code: number | null
  printed: string
  lines: readonly (Progress | Answer)[]
  dir: string
}>

async function unanswered(silence: Silence, within: ReadLimits): Promise<TroubleError> {
  const tail = silence.printed.split('\n').filter(Boolean).slice(-10)
  const begun = silence.lines.findLast((line) => 'role' in line)
  const where = begun === undefined ? null : await recipePlace(begun.role, silence)
  return new TroubleError({
    ...reason(begun === undefined ? 'tandem.ts' : recipeOf(begun), silence, within),
    where: where ?? 'tandem.ts',
    ...(tail.length > 0 && { tail }),
  })
}

/** What messages call a recipe. */
export function recipeOf({ host, role }: Readonly<{ host: string; role: string }>): string {
  return `the recipe '${role}' for ${host}`
}

async function recipePlace(role: string, { lines, dir }: Silence): Promise<string | null> {
  const sources: readonly Source[] = lines.find((line) => 'sources' in line)?.sources ?? []
  const { locator, shownPlace } = await import('./locate.ts')
  return shownPlace(locator(sources, join(dir, 'tandem.ts'))(['roles', role], 'meaning'), dir)
}

function reason(who: string, { stopped, code }: Silence, { limitMs, limitBytes }: ReadLimits) {
  if (stopped === 'overdue') {
    const what = `${who} was not done after ${limitMs / 1000} s and was stopped`
    return { what, now: 'look for a loop or a wait in it' }
  }
  if (stopped === 'too much') {
    const what = `${who} is more than ${limitBytes / 1024 / 1024} MB of data`
    return { what, now: 'look for a list in it that grows' }
  }
  if (code === 0)
    return { what: `${who} waits for something that never comes`, now: 'look for an await in it' }
  const how = code === null ? 'it may take 256 MB of memory' : `exit code ${code}`
  return { what: `${who} came to no end (${how})`, now: 'look for a list in it that grows' }
}
