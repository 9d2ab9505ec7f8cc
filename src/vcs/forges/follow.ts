import type { TeamConfig } from '../../config/config.ts'
import { type ForgeConfig, isProtected, type RepoConfig } from '../../config/repo/repo.ts'
import { troubleOf, type Trouble } from '../../change/trouble.ts'
import { findCommit } from '../commit.ts'
import { isOwn, look, type Sight } from './look.ts'
import type { Move } from './remote-refs.ts'

/** One ref that has moved on a forge, in the words of a push. */
export type FoundPush = Readonly<{
  repo: string
  ref: string
  from: string | null
  to: string | null
  who: string
  /** `forge`: a webhook said so; `found`: by looking. */
  door: 'forge' | 'found'
  subject: string
}>

export type FollowWorld = Readonly<{
  /** As `tandem.ts` last said it without a mistake. */
  known: () => TeamConfig | null
  secret: (name: string) => Promise<string | null>
  /** Where the bare repository is; makes it where there is none. */
  prepare: (repo: string, config: RepoConfig) => Promise<string>
  pushed: (push: FoundPush) => Promise<void>
  /** Who moved this ref to this commit; null where no webhook said it. */
  moverOf: (repo: string, move: Move) => string | null
  now: () => number
  tell: (line: string) => void
  /** Told of what is a bug of ours. */
  broke: (thrown: unknown) => void
}>

/** How the last look at a repository went. */
export type Looked = Readonly<{
  at: number | null
  trouble: Trouble | null
  /** Refs that could not be fetched. */
  refused: Sight['refused']
}>

export type Following = Readonly<{
  /** Looks at those that are due, and comes back at once. */
  tick: () => void
  /** Looks at this one now. */
  poke: (repo: string) => void
  looked: (repo: string) => Looked
  /** Resolves when nothing is being looked at. */
  idle: () => Promise<void>
  close: () => Promise<void>
}>

const everyMs = 30_000
const longestMs = 5 * 60_000
const mostAtOnce = 4
const never: Looked = { at: null, trouble: null, refused: [] }

type Repo = {
  /** When it is looked at next. */
  dueAt: number
  failures: number
  /** It was poked while it was looked at. */
  isPoked: boolean
  looked: Looked
}

/** Follows every repository that a forge holds: at once, every 30 s, and whenever it is poked. */
export function follow(world: FollowWorld): Following {
  const repos = new Map<string, Repo>()
  const running = new Map<string, Promise<void>>()
  const closing = new AbortController()
  const repoOf = (name: string): Repo => {
    const known = repos.get(name)
    if (known !== undefined) return known
    const fresh = { dueAt: 0, failures: 0, isPoked: false, looked: never }
    repos.set(name, fresh)
    return fresh
  }
  const begin = (name: string, config: RepoConfig, forge: ForgeConfig): void => {
    const repo = repoOf(name)
    repo.isPoked = false
    const work = lookAt(world, { name, config, forge, repo }, closing.signal)
    running.set(name, work)
    void work.catch(world.broke).finally(() => {
      running.delete(name)
      if (repo.isPoked) repo.dueAt = 0
      tick()
    })
  }
  const tick = (): void => {
    const { repos: configs = {} } = world.known() ?? {}
    for (const name of repos.keys()) if (!configs[name]?.forge) repos.delete(name)
    for (const [name, config] of Object.entries(configs)) {
      if (closing.signal.aborted || running.size >= mostAtOnce) return
      if (config.forge === null || running.has(name) || repoOf(name).dueAt > world.now()) continue
      begin(name, config, config.forge)
    }
  }
  return {
    tick,
    poke: (name) => {
      const repo = repoOf(name)
      repo.isPoked = true
      repo.dueAt = 0
      tick()
    },
    looked: (name) => repos.get(name)?.looked ?? never,
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running.values())
    },
    close: async () => {
      closing.abort()
      await Promise.allSettled(running.values())
    },
  }
}

type Looking = Readonly<{ name: string; config: RepoConfig; forge: ForgeConfig; repo: Repo }>

async function lookAt(world: FollowWorld, looking: Looking, signal: AbortSignal): Promise<void> {
  const { name, repo } = looking
  try {
    const refused = await bringIn(world, looking, signal)
    for (const { ref, why } of refused) world.tell(`${name}: ${ref} cannot be fetched: ${why}`)
    if (repo.looked.trouble !== null) world.tell(`${name} is followed again`)
    repo.looked = {
      at: world.now(),
      trouble: null,
      refused: [...refused, ...repo.looked.refused].slice(0, 20),
    }
    repo.failures = 0
    repo.dueAt = world.now() + everyMs
  } catch (thrown) {
    if (signal.aborted) return
    const trouble = troubleOf(thrown)
    if (repo.looked.trouble?.what !== trouble.what) world.tell(`${trouble.what}; ${trouble.now}`)
    repo.looked = { ...repo.looked, trouble }
    repo.failures += 1
    const waitMs = Math.min(everyMs * 2 ** (repo.failures - 1), longestMs)
    repo.dueAt = world.now() + waitMs * (0.75 + Math.random() / 4)
  }
}

/** Fetches what moved and passes it on; what was passed on is kept, so that it is found again when we die before. */
async function bringIn(
  world: FollowWorld,
  { name, config, forge }: Looking,
  signal: AbortSignal,
): Promise<Sight['refused']> {
  const dir = await world.prepare(name, config)
  const token = forge.token === null ? null : await world.secret(forge.token)
  const sight = await look({ forge, token, dir, largestBytes: config.largestBytes }, signal)
  for (const move of pushesOf(sight, config)) {
    const login = world.moverOf(name, move)
    const subject = move.to === null ? '' : await subjectOf(dir, move.to)
    const door = login === null ? 'found' : 'forge'
    await world.pushed({ repo: name, ...move, who: login ?? new URL(forge.url).host, door, subject })
  }
  await sight.keep()
  return sight.refused
}

/**
 * The moves that are pushes to us. What was there before us is not, but for the protected branches: they are what is
 * built and shown first. A request whose commit a branch has is that branch, which was pushed as well.
 */
export function pushesOf(
  { moves, refs, isFirst }: Sight,
  config: Pick<RepoConfig, 'protect'>,
): readonly Move[] {
  const branch = (ref: string) => /^refs\/heads\/(.+)$/.exec(ref)?.[1]
  if (isFirst) {
    return moves.filter(({ ref }) => {
      const name = branch(ref)
      return name !== undefined && isProtected(config, name)
    })
  }
  const heads = new Set([...refs].filter(([ref]) => isOwn(ref)).map(([, hash]) => hash))
  return moves.filter(({ ref, to }) => isOwn(ref) || (to !== null && !heads.has(to)))
}

/** Tags may point at anything. */
async function subjectOf(dir: string, hash: string): Promise<string> {
  return findCommit(dir, hash).then(
    ({ subject }) => subject,
    () => '',
  )
}
