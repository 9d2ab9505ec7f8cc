import { z } from 'zod'
import type { ForgeConfig } from '../../config/repo/repo.ts'
import type { Records } from '../../store/store.ts'
import type { CommitStatus } from './status.ts'
import { type Post, postOf, type PostResult, resultOf } from './status-post.ts'

export type OutboxWorld = Readonly<{
  records: Records
  /** The forge of a repository that is told statuses; null where none is. */
  forgeOf: (repo: string) => ForgeConfig | null
  /** The value of a secret of `infra`; null where it is not set. */
  secret: (name: string) => Promise<string | null>
  /** Where people open the hub. */
  hub: () => string | null
  now: () => number
  tell: (line: string) => void
}>

/** How telling a forge goes. */
export type Telling = Readonly<{
  waiting: number
  sentAt: number | null
  /** Why nothing goes out at the moment. */
  trouble: string | null
}>

/** Statuses on their way to forges. They outlive the hub, and nothing waits for them. */
export type Outbox = Readonly<{
  /** Keeps what a commit is to be told; it replaces what it was to be told in the same context. */
  say: (repo: string, commit: string, status: CommitStatus) => Promise<void>
  /** Sends what is due, and comes back at once. */
  tick: () => void
  of: (repo: string) => Telling
  idle: () => Promise<void>
  close: () => Promise<void>
}>

const room = 'statuses'
const limitMs = 10_000
const firstWaitMs = 1_000
const longestWaitMs = 5 * 60_000
/** A forge may ask for more patience than we have, but not for ever. */
const longestAskedMs = 60 * 60_000
const keptMs = 24 * 3_600_000
/** Beyond it the oldest are dropped: nobody looks at them any more. */
const mostWaiting = 2_000
const mostAnswer = 16_384

const letterShape = z.object({
  repo: z.string(),
  commit: z.string(),
  at: z.number(),
  status: z.object({
    context: z.string(),
    state: z.enum(['pending', 'success', 'failure']),
    text: z.string(),
    path: z.string().nullable(),
  }),
})

type Letter = z.output<typeof letterShape>

type Box = {
  letters: Map<string, Letter>
  failures: number
  dueAt: number
  sentAt: number | null
  trouble: string | null
}

export async function openOutbox(world: OutboxWorld): Promise<Outbox> {
  const boxes = new Map<string, Box>()
  const running = new Map<string, Promise<void>>()
  const closing = new AbortController()
  const boxOf = (repo: string): Box => {
    const known = boxes.get(repo)
    if (known !== undefined) return known
    const fresh = { letters: new Map<string, Letter>(), failures: 0, dueAt: 0, sentAt: null, trouble: null }
    boxes.set(repo, fresh)
    return fresh
  }
  for (const { key, value } of await world.records.list(room)) {
    const read = letterShape.safeParse(value)
    if (read.success) boxOf(read.data.repo).letters.set(key, read.data)
    else await world.records.remove(room, key)
  }
  const tick = (): void => {
    for (const [repo, box] of boxes) {
      if (closing.signal.aborted || running.has(repo)) continue
      if (box.letters.size === 0 || box.dueAt > world.now()) continue
      const work = drain(world, repo, box, closing.signal).catch((thrown: unknown) => {
        failed(world, box, { why: String(thrown), waitMs: null, repo })
      })
      running.set(repo, work)
      void work.finally(() => {
        running.delete(repo)
        tick()
      })
    }
  }
  return {
    say: async (repo, commit, status) => {
      if (world.forgeOf(repo) === null) return
      const box = boxOf(repo)
      const key = `${repo}/${commit}/${status.context}`
      const letter = { repo, commit, at: world.now(), status }
      box.letters.delete(key)
      box.letters.set(key, letter)
      await world.records.put(room, key, letter)
      await dropOldest(world, box)
      tick()
    },
    tick,
    of: (repo) => {
      const { letters, sentAt, trouble } = boxOf(repo)
      return { waiting: letters.size, sentAt, trouble }
    },
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running.values())
    },
    close: async () => {
      closing.abort()
      await Promise.allSettled(running.values())
    },
  }
}

/** Sends one after the other, oldest first, until the forge has no more of it. */
async function drain(world: OutboxWorld, repo: string, box: Box, closing: AbortSignal): Promise<void> {
  for (const [key, letter] of box.letters) {
    if (closing.aborted) return
    const forge = world.forgeOf(repo)
    const isLate = world.now() - letter.at > keptMs
    if (forge === null || isLate) {
      const why = isLate ? 'it could not be sent for a day' : 'no forge is told of it any more'
      await drop(world, box, { key, letter, why })
      continue
    }
    const name = forge.token ?? ''
    const token = await world.secret(name)
    if (token === null) {
      return failed(world, box, { why: `the secret ${name} is not set in infra`, waitMs: null, repo })
    }
    const { commit, status } = letter
    const post = postOf({ forge, token, commit, status, hub: world.hub() })
    const result = await send(forge.kind, post, { closing, now: world.now })
    if (closing.aborted) return
    if (result.type === 'later') return failed(world, box, { ...result, repo })
    if (result.type === 'refused') {
      box.trouble = `${status.context} of ${commit.slice(0, 7)}: ${result.why}`
      await drop(world, box, { key, letter, why: result.why })
      continue
    }
    if (box.trouble !== null) world.tell(`${repo}: statuses reach ${forge.url} again`)
    box.trouble = null
    box.failures = 0
    box.sentAt = world.now()
    await forget(world, box, key, letter)
  }
}

type Failed = Readonly<{ why: string; waitMs: number | null; repo: string }>

function failed(world: OutboxWorld, box: Box, { why, waitMs, repo }: Failed): void {
  box.failures += 1
  const usualMs = Math.min(firstWaitMs * 2 ** (box.failures - 1), longestWaitMs)
  const wait = waitMs === null ? usualMs * (0.75 + Math.random() / 4) : Math.min(waitMs, longestAskedMs)
  box.dueAt = world.now() + wait
  if (box.trouble !== why) world.tell(`${repo}: statuses do not reach the forge: ${why}`)
  box.trouble = why
}

type Dropped = Readonly<{ key: string; letter: Letter; why: string }>

async function drop(world: OutboxWorld, box: Box, { key, letter, why }: Dropped): Promise<void> {
  const { repo, commit, status } = letter
  world.tell(`${repo}: ${status.context} of ${commit.slice(0, 7)} is not sent: ${why}`)
  await forget(world, box, key, letter)
}

/** Unless something newer took its place while it was sent. */
async function forget(world: OutboxWorld, box: Box, key: string, letter: Letter): Promise<void> {
  if (box.letters.get(key) !== letter) return
  box.letters.delete(key)
  await world.records.remove(room, key)
}

async function dropOldest(world: OutboxWorld, box: Box): Promise<void> {
  while (box.letters.size > mostWaiting) {
    const [oldest] = box.letters
    if (oldest === undefined) return
    const [key, letter] = oldest
    await drop(world, box, { key, letter, why: 'too many wait' })
  }
}

async function send(
  kind: ForgeConfig['kind'],
  post: Post,
  { closing, now }: Readonly<{ closing: AbortSignal; now: () => number }>,
): Promise<PostResult> {
  try {
    const answer = await fetch(post.url, {
      method: 'POST',
      headers: post.headers,
      body: JSON.stringify(post.body),
      // Elsewhere our token has no business.
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(limitMs)]),
    })
    const text = await beginningOf(answer)
    return resultOf(kind, {
      status: answer.status,
      header: (name) => answer.headers.get(name),
      text,
      now: now(),
    })
  } catch (thrown) {
    return { type: 'later', why: reasonOf(thrown), waitMs: null }
  }
}

/** What a forge says is shown to people: a page of it is enough. */
async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length >= mostAnswer) break
  }
  return text.slice(0, mostAnswer)
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const { cause } = thrown
  return cause instanceof Error && cause.message !== '' ? cause.message : thrown.message
}
