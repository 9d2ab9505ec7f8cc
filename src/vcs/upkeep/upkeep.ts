import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RepoConfig } from '../../config/repo/repo.ts'
import { repoDir, reposDir } from '../repository.ts'
import { fold } from './fold.ts'
import { isPushedTo, sweepLeftovers } from './leftovers.ts'
import { prune, pruneLimits } from './prune.ts'

export type UpkeepWorld = Readonly<{
  stateDir: string
  now: () => number
  /** The commits that must stay in a repository though no branch has them. */
  needed: (repo: string) => Promise<ReadonlySet<string>>
  broke: (thrown: unknown) => void
}>

export type Upkeep = Readonly<{
  /** Tidies those up that lie here, one after the other, but for those that are pushed to. */
  tidy: (repos: ReadonlyMap<string, Pick<RepoConfig, 'forge'>>) => Promise<void>
  /** Whoever pushes goes first: what is being taken out of this repository is left for another time. */
  makeWay: (repo: string) => Promise<void>
  close: () => Promise<void>
}>

/** A repository that was begun and is not there yet. */
const draft = /^\.new-/
const draftMs = 3_600_000

export function makeUpkeep(world: UpkeepWorld): Upkeep {
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  const pruning = new Map<string, Pruning>()
  const tidyAll: Upkeep['tidy'] = async (repos) => {
    await sweepDrafts(world)
    for (const [repo, { forge }] of repos) {
      if (stopping.signal.aborted) return
      // What is followed on a forge is folded when it is fetched.
      if (forge !== null) continue
      const dir = repoDir(world.stateDir, repo)
      await sweepLeftovers(dir, world.now())
      if (await isPushedTo(dir, world.now())) continue
      await fold(dir, stopping.signal)
      await pruneIn(world, repo, { pruning, stopping: stopping.signal })
    }
  }
  return {
    tidy: (repos) => {
      running = running.then(() => tidyAll(repos)).catch(world.broke)
      return running
    },
    makeWay: async (repo) => {
      const one = pruning.get(repo)
      one?.stop.abort()
      await one?.ended
    },
    close: async () => {
      stopping.abort()
      await running
    },
  }
}

type Pruning = Readonly<{ stop: AbortController; ended: Promise<unknown> }>

/** One that cannot be done keeps no other repository from being tidied up. */
async function pruneIn(
  { stateDir, now, needed, broke }: UpkeepWorld,
  repo: string,
  { pruning, stopping }: Readonly<{ pruning: Map<string, Pruning>; stopping: AbortSignal }>,
): Promise<void> {
  const [stop, { wasteBytes }] = [new AbortController(), pruneLimits]
  const signal = AbortSignal.any([stop.signal, stopping])
  const asked = { dir: repoDir(stateDir, repo), needed: () => needed(repo), now: now(), wasteBytes, signal }
  const ended = prune(asked).catch(broke)
  pruning.set(repo, { stop, ended })
  await ended
  pruning.delete(repo)
}

async function sweepDrafts({ stateDir, now }: UpkeepWorld): Promise<void> {
  const dir = reposDir(stateDir)
  for (const name of await readdir(dir).catch(() => [])) {
    if (!draft.test(name)) continue
    const path = join(dir, name)
    const { mtimeMs } = await stat(path)
    if (now() - mtimeMs > draftMs) await rm(path, { recursive: true, force: true })
  }
}
