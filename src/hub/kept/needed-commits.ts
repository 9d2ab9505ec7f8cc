import type { KeptRelease } from '../../api/wire/code.ts'
import type { Aside } from '../../change/occurrence.ts'
import type { TeamConfig } from '../../config/config.ts'
import { neededDeployments } from '../../deploy/needed.ts'
import type { Store } from '../../store/store.ts'

type Parts = Readonly<{
  store: Store
  config: TeamConfig
  /** What is kept of what was built, each with the commit that it came from. */
  releases: readonly KeptRelease[]
  now: () => number
}>

/** Where a branch stood before somebody deleted it, or pushed over it, can be had for so long. */
export const leftMs = 90 * 24 * 3_600_000
const changesRead = 500
const page = 500
const hashes = /\b[0-9a-f]{40}\b/g

/**
 * All that somebody may still ask for: commits that are live or come back with a revert, those that kept releases came from,
 * those of runs, those that changes speak of, and where branches stood. Names of other repositories among them do no harm.
 */
export async function neededCommits(parts: Parts, repo: string): Promise<ReadonlySet<string>> {
  const { store, config, releases } = parts
  const deployments = await neededDeployments(store, config)
  return new Set([
    ...deployments.map(({ deployment }) => deployment.commit),
    ...releases.flatMap(({ commit }) => commit ?? []),
    ...(await ofRuns(store, repo)),
    ...(await ofChanges(store)),
    ...(await ofAsides(parts, repo)),
  ])
}

async function ofRuns({ runs }: Store, repo: string): Promise<readonly string[]> {
  const commits: string[] = []
  for (let before: string | null = null; ;) {
    const read = await runs.list({ repo, ref: null, commit: null, before, limit: page })
    commits.push(...read.map(({ commit }) => commit))
    const last = read.at(-1)
    if (last === undefined) return commits
    before = last.id
  }
}

/** Whatever looks like a commit in what was wanted and what was planned, whichever kind of change it is. */
async function ofChanges({ ledger }: Store): Promise<readonly string[]> {
  const newest = await ledger.changes({ target: null, before: null, limit: changesRead })
  const read = await ledger.ofMany([...new Set([...newest, ...(await ledger.open())])])
  return read.flat().flatMap((entry) => {
    if (entry.type === 'ordered') return JSON.stringify(entry.order).match(hashes) ?? []
    return entry.type === 'planned' ? (JSON.stringify(entry.plan.outcome).match(hashes) ?? []) : []
  })
}

async function ofAsides({ store, now }: Parts, repo: string): Promise<readonly string[]> {
  const commits: string[] = []
  for (let before: number | null = null; ;) {
    const read: readonly Aside[] = await store.ledger.asides({ about: repo, before, limit: page })
    const young = read.filter(({ at }) => now() - at < leftMs)
    commits.push(
      ...young.flatMap((aside) => JSON.stringify({ ...aside, prev: '', hash: '' }).match(hashes) ?? []),
    )
    const last = read.at(-1)
    if (last === undefined || young.length < read.length) return commits
    before = last.seq
  }
}
