import type { Records } from '../../store/store.ts'
import { type Push, type Pushed, type RefMove, type Relay, silentRelay } from '../push.ts'
import { repoDir } from '../repository.ts'
import { type InTurn, makeTurns } from '../turns.ts'
import { type Refs, refsOf, subjectsOf } from './refs.ts'
import { dropSpooled, readSpool } from './spool.ts'

export type WatchWorld = Readonly<{
  stateDir: string
  records: Records
  /** Told once of each ref that moved; twice only when we died in between. The relay must be ended. */
  pushed: (pushed: Pushed, relay: Relay) => Promise<void>
  now: () => number
  sleep: (ms: number) => Promise<void>
}>

/** Hooks are hints, refs are the truth: what moved is found sooner or later, whatever became of hook and hub. */
export type Watch = Readonly<{
  /** A hook tells of a push. */
  told: (push: Push, relay: Relay) => Promise<void>
  /** Compares the refs with what was last seen. */
  look: (repo: string) => Promise<void>
  /** Takes up what hooks told while no hub listened. */
  takeUp: (isKnown: (repo: string) => boolean) => Promise<void>
}>

const room = 'refs'
/** For how long a hook may be on its way to us with what it has to tell. */
const hookMs = 2_000
/** More than this at once were not pushed by anybody: what is beyond is taken as it is. */
const mostFound = 50
/** After so many moves what was seen is kept: a hub that dies then does not tell all of a large push again. */
const keptEvery = 100

export function makeWatch(world: WatchWorld): Watch {
  /** By repository. */
  const inTurn = makeTurns()
  return {
    told: (push, relay) => inTurn(push.repo, () => settleTold(world, push, relay)),
    look: (repo) => lookAt(world, repo, inTurn),
    takeUp: async (isKnown) => {
      for (const { name, head } of await readSpool(world.stateDir, world.now())) {
        const repo = /([^/]+)\.git$/.exec(head.dir)?.[1] ?? ''
        if (isKnown(repo) && head.dir === repoDir(world.stateDir, repo)) {
          const push = { ...head.push, repo, kept: name }
          await inTurn(repo, () => settleTold(world, push, silentRelay()))
        } else await dropSpooled(world.stateDir, name)
      }
    },
  }
}

/** What we wrote ourselves: refs by name. */
async function seenIn(world: WatchWorld, repo: string): Promise<Map<string, string>> {
  return new Map(
    Object.entries(((await world.records.get(room, repo)) as Record<string, string> | undefined) ?? {}),
  )
}

const keepSeen = (world: WatchWorld, repo: string, seen: Refs): Promise<void> =>
  world.records.put(room, repo, Object.fromEntries(seen))

async function settleTold(world: WatchWorld, push: Push, relay: Relay): Promise<void> {
  const { repo, moves, who, kept } = push
  const dir = repoDir(world.stateDir, repo)
  const [seen, now] = [await seenIn(world, repo), await refsOf(dir)]
  // What was found by looking was passed on already, when the hook came late.
  const fresh = moves.filter(({ ref, to }) => (seen.get(ref) ?? null) !== to)
  const passing = { dir, moves: fresh, by: { repo, who, door: 'git' } } as const
  await passOn(world, passing, relay, async (passed) => {
    // Of two pushes the later one may be told first. What is true is in the refs.
    for (const { ref, from, to } of passed)
      setRef(seen, ref, from === (seen.get(ref) ?? null) ? to : now.get(ref))
    await keepSeen(world, repo, seen)
  })
  if (kept !== null) await dropSpooled(world.stateDir, kept)
}

function setRef(refs: Map<string, string>, ref: string, hash: string | null | undefined): void {
  if (hash === null || hash === undefined) refs.delete(ref)
  else refs.set(ref, hash)
}

async function lookAt(world: WatchWorld, repo: string, inTurn: InTurn): Promise<void> {
  const dir = repoDir(world.stateDir, repo)
  const first = movesBetween(await seenIn(world, repo), await refsOf(dir))
  if (first.length === 0) return
  await world.sleep(hookMs)
  await inTurn(repo, async () => {
    const [seen, now] = [await seenIn(world, repo), await refsOf(dir)]
    const still = new Set(first.map(({ ref, to }) => `${ref} ${to}`))
    const moves = movesBetween(seen, now).filter(({ ref, to }) => still.has(`${ref} ${to}`))
    const by = { repo, who: 'nobody we know', door: 'found' } as const
    await passOn(world, { dir, moves: moves.slice(0, mostFound), by }, silentRelay(), async () => undefined)
    for (const { ref, to } of moves) setRef(seen, ref, to)
    if (moves.length > 0) await keepSeen(world, repo, seen)
  })
}

function movesBetween(seen: Refs, now: Refs): readonly RefMove[] {
  const gone = [...seen].filter(([ref]) => !now.has(ref)).map(([ref, from]) => ({ ref, from, to: null }))
  const moved = [...now].flatMap(([ref, to]) => {
    const from = seen.get(ref) ?? null
    return from === to ? [] : [{ ref, from, to }]
  })
  return [...moved, ...gone]
}

type Passing = Readonly<{
  dir: string
  moves: readonly RefMove[]
  by: Pick<Pushed, 'repo' | 'who' | 'door'>
}>

/** The terminal of a push is let go when nothing of it has more to say. `passed` is told what is written down by now. */
async function passOn(
  world: WatchWorld,
  { dir, moves, by }: Passing,
  relay: Relay,
  passed: (moves: readonly RefMove[]) => Promise<void>,
): Promise<void> {
  if (moves.length === 0) return relay.end()
  const there = moves.flatMap(({ ref, to }) => (to === null ? [] : [[ref, to] as const]))
  const subjects = there.length === 0 ? new Map<string, string>() : await subjectsOf(dir, new Map(there))
  const open = new Set(moves)
  for (let at = 0; at < moves.length; at += keptEvery) {
    const some = moves.slice(at, at + keptEvery)
    for (const move of some) {
      const end = (): void => {
        if (open.delete(move) && open.size === 0) relay.end()
      }
      const pushed = { ...by, ...move, subject: subjects.get(move.ref) ?? '' }
      await world.pushed(pushed, { ...relay, end })
    }
    await passed(some)
  }
}
