import { open, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { hooksDir, repoDir, repoName } from '../repository.ts'
import type { Push, Relay } from '../push.ts'
import { type Head, headReader } from './read-head.ts'

export type HookAnswers = Readonly<{
  /** Why a push may not be, as lines for who pushes; empty = it may. */
  check: (push: Push, say: (line: string) => void) => Promise<readonly string[]>
  /** A push that was. The relay must be ended. */
  told: (push: Push, relay: Relay) => void
  broke: (thrown: unknown) => void
}>

const headLimitMs = 30_000
const mostSessions = 64
/** Lines for who reads too slowly: beyond this they are not told any more. */
const mostUnreadBytes = 256 * 1024

/** The socket by which hooks reach the hub. Only who may write in the folder of the state gets to it. */
export async function openHookDoor(
  stateDir: string,
  answers: HookAnswers,
): Promise<Readonly<{ close: () => Promise<void> }>> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, stateDir, answers)
  })
  server.maxConnections = mostSessions
  const dir = hooksDir(stateDir)
  await rm(join(dir, 'hub.sock'), { force: true })
  const folder = await open(dir, 'r')
  await listenIn(server, dir, folder.fd)
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
      await folder.close()
    },
  }
}

/** The path of a socket may be only 107 bytes long; by way of the folder's descriptor any folder will do. */
function listenIn(server: Server, dir: string, descriptor: number): Promise<void> {
  const folder = process.platform === 'linux' ? `/proc/self/fd/${descriptor}` : dir
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(join(folder, 'hub.sock'), () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function serve(socket: Socket, stateDir: string, answers: HookAnswers): void {
  const left = new AbortController()
  socket.once('close', () => left.abort())
  socket.on('error', () => socket.destroy())
  const slow = setTimeout(() => socket.destroy(), headLimitMs)
  const reader = headReader()
  const lines = createInterface({ input: socket, crlfDelay: Infinity })
  let isRead = false
  lines.on('line', (line) => {
    if (isRead) return
    const head = reader.line(line)
    if (head === 'more') return
    isRead = true
    clearTimeout(slow)
    if (head === 'bad') socket.destroy()
    else answer(head, { socket, stateDir, gone: left.signal }, answers).catch(answers.broke)
  })
  lines.on('close', () => clearTimeout(slow))
}

type Session = Readonly<{ socket: Socket; stateDir: string; gone: AbortSignal }>

async function answer(head: Head, session: Session, answers: HookAnswers): Promise<void> {
  const { socket, gone } = session
  const say = (line: string): void => {
    if (gone.aborted || socket.writableLength > mostUnreadBytes) return
    socket.write(`say ${line.replaceAll(/[\r\n]+/g, ' ')}\n`)
  }
  const end = (code: 0 | 1): void => {
    if (!gone.aborted) socket.end(`end ${code}\n`)
  }
  const repo = repoIn(head.dir, session.stateDir)
  if (repo === null) {
    say(`refused: ${head.dir} is no repository of this hub`)
    return end(head.hook === 'pre-receive' ? 1 : 0)
  }
  const push: Push = { ...head.push, repo }
  if (head.hook === 'post-receive') return answers.told(push, { say, end: () => end(0), gone })
  try {
    const refusal = await answers.check(push, say)
    for (const line of refusal) say(line)
    end(refusal.length === 0 ? 0 : 1)
  } catch (thrown) {
    say('refused: the hub could not look at this push; its own output says why')
    end(1)
    throw thrown
  }
}

function repoIn(dir: string, stateDir: string): string | null {
  const repo = /([^/]+)\.git$/.exec(dir)?.[1] ?? ''
  return repoName.test(repo) && dir === repoDir(stateDir, repo) ? repo : null
}
