import type { RepoConfig } from '../config/repo/repo.ts'
import type { Store } from '../store/store.ts'
import { git } from './git.ts'
import { repoDir } from './repository.ts'

export type MirrorsWorld = Readonly<{
  stateDir: string
  store: Pick<Store, 'ledger'>
  now: () => number
  broke: (thrown: unknown) => void
}>

export const mirrorLimits = { atOnce: 2, pushMs: 10 * 60_000, againMs: 10 * 60_000 } as const

/** Where every push goes on to. Who pushes does not wait for it. */
export type Mirrors = Readonly<{
  /** The refs of a repository are others now. */
  moved: (repo: string) => void
  /** Begins what is due. A hub that begins does not know what mirrors have, so all are due then. */
  tick: (repos: ReadonlyMap<string, RepoConfig>) => void
  close: () => Promise<void>
}>

export function makeMirrors(world: MirrorsWorld): Mirrors {
  /** When the next push is due, by repository and mirror; a mirror that has all is not due. */
  const due = new Map<string, Map<string, number>>()
  const running = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  const begin = (repo: string, to: string): void => {
    const key = `${repo} ${to}`
    due.get(repo)?.set(to, Infinity)
    const work = pushTo(world, { repo, to, signal: stopping.signal })
      .then((trouble) => {
        // What moved meanwhile has made it due at once: that stands.
        const isCalm = due.get(repo)?.get(to) === Infinity
        if (trouble !== null && isCalm) due.get(repo)?.set(to, world.now() + mirrorLimits.againMs)
      })
      .catch((thrown: unknown) => {
        due.get(repo)?.set(to, world.now() + mirrorLimits.againMs)
        world.broke(thrown)
      })
      .finally(() => running.delete(key))
    running.set(key, work)
  }
  return {
    moved: (repo) => void due.delete(repo),
    tick: (repos) => {
      for (const [repo, { mirrors, forge }] of repos) {
        if (forge !== null) continue
        const times = due.get(repo) ?? new Map<string, number>()
        due.set(repo, times)
        for (const to of mirrors) {
          const isFree = running.size < mirrorLimits.atOnce && !running.has(`${repo} ${to}`)
          if (isFree && !stopping.signal.aborted && (times.get(to) ?? 0) <= world.now()) begin(repo, to)
        }
      }
    },
    close: async () => {
      stopping.abort()
      await Promise.all(running.values())
    },
  }
}

type Way = Readonly<{ repo: string; to: string; signal: AbortSignal }>

/** Makes branches and tags there what they are here. Returns what is in the way, or null. */
async function pushTo(world: MirrorsWorld, { repo, to, signal }: Way): Promise<string | null> {
  const dir = repoDir(world.stateDir, repo)
  const heads = await git(dir, ['for-each-ref', '--count=1', 'refs/heads/'], { signal })
  // A repository that is empty, perhaps because it was lost, must not empty its copies.
  if (heads.code !== 0 || heads.out === '') return null
  const said = await git(
    dir,
    [
      'push',
      '--quiet',
      '--prune',
      '--no-verify',
      '--end-of-options',
      to,
      '+refs/heads/*:refs/heads/*',
      '+refs/tags/*:refs/tags/*',
    ],
    { env: { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' }, limitMs: mirrorLimits.pushMs, signal },
  )
  if (signal.aborted) return null
  const trouble = said.code === 0 ? null : troubleIn(said.err)
  await record(world, { repo, to, trouble })
  return trouble
}

/** The line that says why, without the names and passwords of an address. */
function troubleIn(err: string): string {
  const lines = err.trim().split('\n')
  const why =
    lines.find((line) => /refused|rejected|denied|fatal/i.test(line)) ?? lines.at(-1) ?? 'git did not say why'
  return why.replaceAll(/\/\/[^/@\s]*@/g, '//').slice(0, 300)
}

/** Only what is another result than the last one is written down. */
async function record(
  { store, now }: MirrorsWorld,
  { repo, to, trouble }: Readonly<{ repo: string; to: string; trouble: string | null }>,
): Promise<void> {
  const happened = { type: 'mirrored', to, trouble } as const
  await store.ledger.recordUnless(repo, happened, now(), (newest) => {
    const last = newest.find((aside) => aside.type === 'mirrored' && aside.to === to)
    return last?.type === 'mirrored' && last.trouble === trouble
  })
}
