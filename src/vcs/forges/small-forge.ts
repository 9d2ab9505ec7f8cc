import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ForgeConfig } from '../../config/repo/repo.ts'

/** A status as it was posted, with the commit of its path. */
export type PostedStatus = Readonly<{
  commit: string
  token: string
  body: Readonly<Record<string, unknown>>
}>

/** What the forge answers to the next posts instead of doing what it is asked. */
export type Fault = Readonly<{ status: number; headers?: Readonly<Record<string, string>>; body?: unknown }>

/** A forge for tests: real git over real HTTP, and the API of statuses as the forge of this kind documents it. */
export type SmallForge = AsyncDisposable &
  Readonly<{
    /** As in `forge.url` of tandem.ts. */
    url: string
    /** The bare repository behind it. */
    dir: string
    statuses: readonly PostedStatus[]
    /** Requests so far, as method and path. */
    asked: readonly string[]
    faults: Fault[]
    /** Runs git there as the people of the forge would. */
    git: (...args: readonly string[]) => string
    /** Commits these files onto a ref and says the hash. */
    commit: (ref: string, files: Readonly<Record<string, string>>, message?: string) => string
    /** While it is down it ends every connection. */
    setDown: (isDown: boolean) => void
  }>

const person = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
}

export async function openSmallForge(kind: ForgeConfig['kind'], token: string | null): Promise<SmallForge> {
  const root = await mkdtemp(join(tmpdir(), 'tandem-forge-'))
  const dir = join(root, 'team', 'shop.git')
  await mkdir(dir, { recursive: true })
  const env = { PATH: process.env['PATH'] ?? '', HOME: root, GIT_CONFIG_NOSYSTEM: '1', ...person }
  const git: SmallForge['git'] = (...args) =>
    execFileSync('git', args, { cwd: dir, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  git('init', '--quiet', '--bare', '--initial-branch=main')
  const statuses: PostedStatus[] = []
  const asked: string[] = []
  const faults: Fault[] = []
  let isDown = false
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (isDown) request.socket.destroy()
    else if (request.url?.startsWith('/team/shop.git/')) answerGit(root, token, { request, response })
    else void answerStatus({ kind, token, statuses, faults }, request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/team/shop`,
    dir,
    statuses,
    asked,
    faults,
    git,
    commit: (ref, files, message = 'Fix it') => commitTo(git, dir, { ref, files, message, env }),
    setDown: (down) => {
      isDown = down
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

type Committing = Readonly<{
  ref: string
  files: Readonly<Record<string, string>>
  message: string
  env: Readonly<Record<string, string>>
}>

function commitTo(git: SmallForge['git'], dir: string, { ref, files, message, env }: Committing): string {
  const entries = Object.entries(files).map(([path, text]) => {
    const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], {
      cwd: dir,
      env,
      input: text,
      encoding: 'utf8',
    })
    return `${path.startsWith('ci/') ? '100755' : '100644'} ${blob.trim()}\t${path}\n`
  })
  const index = join(dir, `index-${entries.length}`)
  const run = (args: readonly string[], input?: string) =>
    execFileSync('git', args, {
      cwd: dir,
      env: { ...env, GIT_INDEX_FILE: index },
      encoding: 'utf8',
      input: input ?? '',
    }).trim()
  run(['read-tree', '--empty'])
  run(['update-index', '--add', '--index-info'], entries.join(''))
  const tree = run(['write-tree'])
  let parents: readonly string[] = []
  try {
    parents = ['-p', git('rev-parse', '--verify', '--quiet', '--end-of-options', ref)]
  } catch {
    // The ref is new.
  }
  const hash = git('commit-tree', tree, ...parents, '-m', message)
  git('update-ref', '--end-of-options', ref, hash)
  return hash
}

type Exchange = Readonly<{ request: IncomingMessage; response: ServerResponse }>

/** Git's own program answers, as it does behind every forge. */
function answerGit(root: string, token: string | null, { request, response }: Exchange): void {
  if (token !== null && secretOf(request) !== token) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="forge"' }).end()
    return
  }
  const url = new URL(request.url ?? '/', 'http://forge')
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  request.pipe(child.stdin)
  child.stdin.on('error', () => undefined)
  let head: Buffer | null = Buffer.alloc(0)
  child.stdout.on('data', (chunk: Buffer) => {
    if (head === null) return void response.write(chunk)
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return
    const lines = head.subarray(0, end).toString('utf8').split('\r\n')
    const headers = lines.map((line) => line.split(': ', 2) as [string, string])
    const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200'
    response.writeHead(
      Number.parseInt(status, 10),
      Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
    )
    response.write(head.subarray(end + 4))
    head = null
  })
  child.once('close', () => response.end())
}

/** The secret of this request, in whichever of the ways that forges know. */
function secretOf({ headers }: IncomingMessage): string | null {
  const named = headers['private-token']
  if (typeof named === 'string') return named
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ')
  if (/^basic$/i.test(scheme)) return Buffer.from(value, 'base64').toString('utf8').split(':')[1] ?? null
  return /^(?:bearer|token)$/i.test(scheme) ? value : null
}

type Behind = Readonly<{
  kind: ForgeConfig['kind']
  token: string | null
  statuses: PostedStatus[]
  faults: Fault[]
}>

const statusPaths: Readonly<Record<ForgeConfig['kind'], RegExp>> = {
  github: /^\/api\/v3\/repos\/team\/shop\/statuses\/([0-9a-f]{40})$/,
  gitea: /^\/api\/v1\/repos\/team\/shop\/statuses\/([0-9a-f]{40})$/,
  forgejo: /^\/api\/v1\/repos\/team\/shop\/statuses\/([0-9a-f]{40})$/,
  gitlab: /^\/api\/v4\/projects\/team%2Fshop\/statuses\/([0-9a-f]{40})$/,
}

const states: Readonly<Record<ForgeConfig['kind'], readonly string[]>> = {
  github: ['pending', 'success', 'failure', 'error'],
  gitea: ['pending', 'success', 'failure', 'error', 'warning'],
  forgejo: ['pending', 'success', 'failure', 'error', 'warning'],
  gitlab: ['pending', 'running', 'success', 'failed', 'canceled', 'skipped'],
}

async function answerStatus(
  behind: Behind,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const answer = (status: number, said: unknown, headers: Readonly<Record<string, string>> = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(said))
  const fault = behind.faults.shift()
  if (fault !== undefined) return void answer(fault.status, fault.body ?? { message: 'no' }, fault.headers)
  const commit = statusPaths[behind.kind].exec(request.url ?? '')?.[1]
  if (request.method !== 'POST' || commit === undefined) return void answer(404, { message: 'Not Found' })
  if (secretOf(request) !== behind.token) return void answer(401, { message: 'Bad credentials' })
  if (behind.kind === 'github' && !request.headers['user-agent'])
    return void answer(403, { message: 'no user agent' })
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, string>
  const why = faultIn(behind, commit, body)
  if (why !== null) return void answer(behind.kind === 'gitlab' ? 400 : 422, { message: why })
  behind.statuses.push({ commit, token: secretOf(request) ?? '', body })
  answer(201, { id: behind.statuses.length, ...body })
}

function faultIn(
  { kind, statuses }: Behind,
  commit: string,
  body: Readonly<Record<string, string>>,
): string | null {
  if (!states[kind].includes(body['state'] ?? '')) return 'state is not included in the list'
  if (kind === 'github' && (body['description']?.length ?? 0) > 140) return 'description is too long'
  if (kind !== 'gitlab') return null
  const last = statuses.findLast((each) => each.commit === commit && each.body['name'] === body['name'])
  const state = body['state'] ?? ''
  const isSame = last?.body['state'] === state && ['pending', 'running'].includes(state)
  const how = state === 'pending' ? 'enqueue' : 'run'
  return isSame
    ? `Cannot transition status via :${how} from :${state} (Reason(s): Status cannot transition via "${how}")`
    : null
}
