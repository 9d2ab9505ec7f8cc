import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

const usualLimitMs = 60_000
const usualMostBytes = 16 * 1024 * 1024
const errKeptBytes = 64 * 1024

/** What git said. `code` is 128 or above where it could not be started, was stopped, or said more than was asked for. */
export type Said = Readonly<{ code: number; out: string; err: string }>

export type GitOptions = Readonly<{
  /** Beside those that git always gets here. */
  env: Readonly<Record<string, string>>
  /** What is written to its input; null = it has none. */
  input: string | Uint8Array | null
  limitMs: number
  /** How much it may say before it is stopped. */
  mostBytes: number
  /** The largest file that it may write, and how much memory each of its processes may take; null = any. */
  largestFileBytes: number | null
  mostMemoryBytes: number | null
  /** Everybody else on this machine goes first. */
  isIdle: boolean
  signal: AbortSignal | null
}>

const usual: GitOptions = {
  env: {},
  input: null,
  limitMs: usualLimitMs,
  mostBytes: usualMostBytes,
  largestFileBytes: null,
  mostMemoryBytes: null,
  isIdle: false,
  signal: null,
}

/**
 * Runs git on a repository, which is data however hostile it is: no hook, filter of the system, pager, prompt or
 * configuration of a person takes part, and nothing is fetched by way of files or commands. Arguments reach git as they
 * are, so what may begin with a dash stands behind `--end-of-options` or `--`.
 */
export async function git(
  repo: string,
  args: readonly string[],
  options: Partial<GitOptions> = {},
): Promise<Said> {
  const running = gitStream(repo, args, options)
  const chunks: Buffer[] = []
  let tooMuch: string | null = null
  let bytes = 0
  const most = options.mostBytes ?? usual.mostBytes
  running.out.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= most) chunks.push(chunk)
    else {
      tooMuch ??= `git said more than ${most} bytes`
      running.stop()
    }
  })
  const { code, err } = await running.ended
  return {
    code: tooMuch === null ? code : 128,
    out: Buffer.concat(chunks).toString('utf8'),
    err: tooMuch ?? err,
  }
}

/** A git that runs: its output is read as it comes, and it does not go on when nobody reads. */
export type GitStream = Readonly<{
  out: Readable
  /** Never rejects. */
  ended: Promise<Omit<Said, 'out'>>
  stop: () => void
}>

/** As `git`, for outputs that are too large to be held. `mostBytes` is for the reader to watch. */
export function gitStream(
  repo: string,
  args: readonly string[],
  options: Partial<GitOptions> = {},
): GitStream {
  const { env, input, limitMs, isIdle, signal, ...limits } = { ...usual, ...options }
  const [program = '', ...words] = withLimits(limits, [...(isIdle ? idly : []), 'git', ...firm, ...args])
  const child = spawn(program, words, {
    cwd: repo,
    env: { ...gitEnv(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const { promise: ended, resolve } = Promise.withResolvers<Omit<Said, 'out'>>()
  const stop = (): void => {
    child.kill('SIGKILL')
  }
  const timer = setTimeout(stop, limitMs)
  signal?.addEventListener('abort', stop, { once: true })
  const err = keptText(child)
  child.once('error', (thrown) => resolve({ code: 128, err: thrown.message }))
  child.once('close', (code, killedBy) => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    const why = killedBy === null ? '' : `git was stopped (${killedBy}; its limit is ${limitMs / 1000} s)`
    resolve({ code: code ?? 128, err: err() === '' ? why : err() })
  })
  // A git that has ended does not read what is left of its input: that it ended is said by its code.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input ?? undefined)
  return { out: child.stdout, ended, stop }
}

const idly = ['nice', '-n', '19']

/** A command that the kernel holds to these limits, where it is Linux. */
export function withLimits(
  { largestFileBytes, mostMemoryBytes }: Pick<GitOptions, 'largestFileBytes' | 'mostMemoryBytes'>,
  command: readonly string[],
): readonly string[] {
  const file = largestFileBytes === null ? [] : [`--fsize=${largestFileBytes}`]
  const memory = mostMemoryBytes === null ? [] : [`--data=${mostMemoryBytes}`]
  const limits = [...file, ...memory]
  return limits.length === 0 || process.platform !== 'linux'
    ? command
    : ['prlimit', ...limits, '--', ...command]
}

/**
 * What git may need to unpack a push of this size: an object and what it is a delta of are held whole, and a delta of a
 * few bytes may say that it is gigabytes.
 */
export const unpackingBytes = (largestBytes: number): number => Math.max(4 * largestBytes, 1024 * 1024 * 1024)

function keptText(child: ChildProcess): () => string {
  let kept = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (kept.length < errKeptBytes) kept += text.slice(0, errKeptBytes - kept.length)
  })
  return () => kept
}

/** What git is told before its command: nothing that a repository's own configuration says may start a program. */
const firm: readonly string[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.pager', 'cat'],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  ['log.showSignature', 'false'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
].flatMap(([name = '', value = '']) => setting(name, value))

/**
 * Words before the command that keep a repository's own configuration from naming programs that files go through. For
 * commands that touch a work tree; those that only read objects know no filters.
 */
export async function withoutFilters(repo: string): Promise<readonly string[]> {
  const { out } = await git(repo, ['config', '--null', '--name-only', '--get-regexp', '^filter\\.'])
  const keys = out.split('\0').flatMap((key) => /^(filter\..+)\.[a-z]+$/is.exec(key)?.[1] ?? [])
  return [...new Set(keys)].flatMap((filter) => [
    ...['clean', 'smudge', 'process'].flatMap((way) => setting(`${filter}.${way}`, '')),
    ...setting(`${filter}.required`, 'false'),
  ])
}

/** The words before a command that set one thing for it. */
export function setting(name: string, value: string): readonly string[] {
  return ['-c', [name, value].join('=')]
}

/** The whole environment of every git that the hub starts. */
export function gitEnv(): Readonly<Record<string, string>> {
  const { PATH = '/usr/bin:/bin', SUDO_UID } = process.env
  return {
    PATH,
    HOME: '/nonexistent',
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh',
    // Whoever came by sudo still owns their checkout.
    ...(SUDO_UID === undefined ? {} : { SUDO_UID }),
  }
}
