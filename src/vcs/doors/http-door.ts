import { spawn } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { RepoConfig } from '../../config/repo/repo.ts'
import { gitEnv, unpackingBytes, withLimits } from '../git.ts'
import { isThere, repoDir, reposDir } from '../repository.ts'
import { type Backend, relayAnswer } from './backend-answer.ts'
import { doorLimits, roomForPush } from './limits.ts'

/** What a git client asks for over HTTP, once we know who it is. */
export type GitAsked = Readonly<{
  repo: string
  place: 'info/refs' | 'git-upload-pack' | 'git-receive-pack'
  service: 'git-upload-pack' | 'git-receive-pack'
  who: string
  /** Whether they may push. */
  mayPush: boolean
}>

export type HttpDoorWorld = Readonly<{
  stateDir: string
  /** Null for a repository that the team does not have. */
  known: (repo: string) => RepoConfig | null
}>

export type HttpDoor = (asked: GitAsked, request: IncomingMessage, response: ServerResponse) => Promise<void>

/** The door, and what it must be told. */
export type OpenHttpDoor = Readonly<{
  git: HttpDoor
  /** A push was taken: it is in nobody's way any more, and nothing of it is lost when who waits for its end leaves. */
  taken: (exchange: string) => void
}>

/** Answers clients of git with git's own `http-backend`, streaming in both directions. */
export function openHttpDoor(world: HttpDoorWorld): OpenHttpDoor {
  const open = { pushes: new Set<string>(), fetches: new Set<string>() }
  let count = 0
  const git: HttpDoor = async (asked, request, response) => {
    const refusal = await refusalOf(world, asked, open.pushes.size)
    if (refusal !== null) return refuse(response, refusal)
    const kind = asked.place === 'git-receive-pack' ? 'pushes' : 'fetches'
    if (open[kind].size >= doorLimits[kind]) {
      response.setHeader('retry-after', '5')
      return refuse(response, {
        status: 503,
        text: `${open[kind].size} ${kind} are at work here: try again soon`,
      })
    }
    count += 1
    const id = String(count)
    open[kind].add(id)
    try {
      if (request.headers.expect !== undefined) response.writeContinue()
      const graceMs = () => (open.pushes.has(id) ? doorLimits.graceMs : 0)
      await exchange(startBackend(world, asked, { request, id }), { request, response, graceMs })
    } finally {
      open[kind].delete(id)
    }
  }
  return { git, taken: (id) => void open.pushes.delete(id) }
}

type HttpRefusal = Readonly<{ status: number; text: string }>

/** Git shows the text of a refusal when it is the first thing that it asked for. */
async function refusalOf(
  world: HttpDoorWorld,
  asked: GitAsked,
  pushesNow: number,
): Promise<HttpRefusal | null> {
  const config = world.known(asked.repo)
  if (config === null || !(await isThere(repoDir(world.stateDir, asked.repo)))) {
    const now = `add \`${asked.repo}: {}\` to \`repos\` in tandem.ts: \`tandem repo new ${asked.repo}\` does it`
    return { status: 404, text: `there is no repository called ${asked.repo}; ${now}` }
  }
  if (asked.service === 'git-upload-pack') return null
  if (!asked.mayPush) {
    return {
      status: 403,
      text: `${asked.who} may look, not push; ask for \`may: 'everything'\` in tandem.ts`,
    }
  }
  if (config.forge !== null) {
    return { status: 403, text: `${asked.repo} is held by ${config.forge.kind}: push to ${config.forge.url}` }
  }
  const { bavail, bsize } = await statfs(reposDir(world.stateDir))
  if (bavail * bsize >= (pushesNow + 1) * roomForPush(config.largestBytes)) return null
  return {
    status: 507,
    text: 'the disk of the hub is too full to take a push: make room there, then push again',
  }
}

/** Says no in words that git prints. */
function refuse(response: ServerResponse, { status, text }: HttpRefusal): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(`${text}\n`)
}

type Exchange = Readonly<{
  request: IncomingMessage
  response: ServerResponse
  /** How long git may go on when who asked leaves. */
  graceMs: () => number
}>

async function exchange(backend: Backend, { request, response, graceMs }: Exchange): Promise<void> {
  const whole = setTimeout(() => backend.end(0), doorLimits.wholeMs)
  request.socket.setTimeout(doorLimits.idleMs, () => request.destroy())
  const left = (): void => {
    // A push that is whole goes on by itself: it is cut where its bytes are not all here, and git tidies up after it.
    if (!response.writableFinished) backend.end(graceMs())
  }
  response.once('close', left)
  // Who leaves in the middle of a body ends the input of git with it.
  request.on('error', () => backend.input.destroy())
  request.once('close', () => {
    if (!request.complete) backend.input.destroy()
  })
  request.pipe(backend.input)
  try {
    await relayAnswer(backend, request, response)
  } finally {
    clearTimeout(whole)
    request.socket.setTimeout(0)
  }
}

/** The one place that starts it. Nothing of our environment, and nothing of the request but what is checked. */
function startBackend(
  world: HttpDoorWorld,
  asked: GitAsked,
  { request, id }: Readonly<{ request: IncomingMessage; id: string }>,
): Backend {
  const isPush = asked.service === 'git-receive-pack'
  const largest = world.known(asked.repo)?.largestBytes ?? 0
  const limits = { largestFileBytes: null, mostMemoryBytes: isPush ? unpackingBytes(largest) : null }
  const [program = '', ...words] = withLimits(limits, ['git', 'http-backend'])
  const child = spawn(program, words, {
    cwd: reposDir(world.stateDir),
    env: { ...backendEnv(world, asked, request), TANDEM_EXCHANGE: id },
    // A group of its own, so that all of it can be ended.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  let timers: readonly NodeJS.Timeout[] = []
  const signal = (name: 'SIGTERM' | 'SIGKILL'): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name)
    } catch {
      // It has ended by itself.
    }
  }
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < 4096) said += text
  })
  child.stdin.on('error', () => undefined)
  child.once('error', (thrown) => {
    said += thrown.message
    resolve()
  })
  child.once('close', () => {
    for (const timer of timers) clearTimeout(timer)
    resolve()
  })
  return {
    input: child.stdin,
    output: child.stdout as Readable,
    said: () => said,
    ended,
    end: (graceMs) => {
      if (timers.length > 0) return
      child.stdin.destroy()
      child.stdout.resume()
      timers = [
        setTimeout(() => signal('SIGTERM'), graceMs),
        setTimeout(() => signal('SIGKILL'), graceMs + doorLimits.graceMs),
      ]
    },
  }
}

function backendEnv(
  world: HttpDoorWorld,
  { repo, place, service, who }: GitAsked,
  { method = 'GET', headers }: IncomingMessage,
): Record<string, string> {
  const { 'content-type': type, 'content-encoding': encoding } = headers
  const protocol = headers['git-protocol']
  return {
    ...gitEnv(),
    GIT_PROJECT_ROOT: reposDir(world.stateDir),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${repo}.git/${place}`,
    QUERY_STRING: place === 'info/refs' ? `service=${service}` : '',
    REQUEST_METHOD: method,
    // How long the body is we do not say: where it ends early, as when we are killed, git would read on for ever.
    ...(type === undefined ? {} : { CONTENT_TYPE: type }),
    ...(encoding === 'gzip' || encoding === 'x-gzip' ? { HTTP_CONTENT_ENCODING: encoding } : {}),
    ...(typeof protocol === 'string' && /^version=[012]$/.test(protocol) ? { GIT_PROTOCOL: protocol } : {}),
    REMOTE_USER: who,
    TANDEM_WHO: who,
  }
}
