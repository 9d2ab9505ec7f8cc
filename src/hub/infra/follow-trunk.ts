import { join, relative, sep } from 'node:path'
import { TroubleError, troubleOf } from '../../change/trouble.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { FolderView } from '../../api/wire/code.ts'
import type { InfraWorld } from '../../infra/infra-world.ts'
import type { Store } from '../../store/store.ts'
import { git, withoutFilters } from '../../vcs/git.ts'
import { isThere, repoDir } from '../../vcs/repository.ts'
import { checkoutOf } from './checkout.ts'
import { isOnTrunk, lastSound, trunkRef } from './trunk.ts'

type Parts = Readonly<{
  projectDir: string
  stateDir: string
  store: Pick<Store, 'ledger'>
  config: () => Promise<TeamConfig>
  asOf: InfraWorld['asOf']
  now: () => number
  /** Says a line to whoever looks at the terminal of the hub. */
  tell: (line: string) => void
}>

/** How the hub's own folder keeps up with the repository of the infrastructure. */
export type Following = Readonly<{
  /** To be told of every ref that moved, in whatever repository. */
  moved: (push: Readonly<{ repo: string; ref: string }>) => Promise<void>
  /** Goes on to the head of the trunk, if it can. */
  look: () => Promise<void>
  /** What it found last; null where no repository is named. */
  state: () => FolderView | null
}>

/**
 * The folder that the hub reads `tandem.ts` from goes on with the trunk, where it is a clone of it. It only ever goes
 * forward, to what can be read, and over nothing that somebody has altered there; else it stays, and says why.
 */
export function followTrunk(parts: Parts): Following {
  const team = lastSound(parts.config)
  let state: FolderView | null = null
  let last: Promise<void> = Promise.resolve()
  const look = async (): Promise<void> => {
    const known = await team()
    const repo = known?.infra.repo ?? null
    if (repo === null) return
    const before = state?.why ?? null
    state = await goOn(parts, repo, trunkRef(known, repo))
    if (state.why !== null && state.why !== before)
      parts.tell(`${parts.projectDir} stays as it is: ${state.why}`)
  }
  // One after the other: two of them would move the same files.
  const lookAlone = (): Promise<void> => {
    const looked = last.then(look)
    last = looked.catch(() => undefined)
    return looked
  }
  return {
    moved: async ({ repo, ref }) => {
      const known = await team()
      if (known?.infra.repo === repo && isOnTrunk(known, repo, ref)) await lookAlone()
    },
    look: lookAlone,
    state: () => state,
  }
}

async function goOn(parts: Parts, repo: string, trunk: string): Promise<FolderView> {
  const { projectDir, store, now, tell } = parts
  const here = await checkedOut(projectDir, trunk)
  const folder = { dir: projectDir, commit: here.commit }
  if (here.why !== null) return { ...folder, why: here.why }
  try {
    const head = await headFor(parts, repo, { trunk, from: here.commit })
    if (head === null || head === here.commit) return { ...folder, why: null }
    await refuseUnfit(parts, head)
    await moveTo(parts, repo, { trunk, head })
    await store.ledger.record(repo, { type: 'followed', from: here.commit, to: head }, now())
    tell(`${projectDir} is at ${head.slice(0, 7)} now, as ${repo} is`)
    return { dir: projectDir, commit: head, why: null }
  } catch (thrown) {
    if (!(thrown instanceof TroubleError)) throw thrown
    const { what, where } = troubleOf(thrown)
    return { ...folder, why: where === undefined ? what : `${where}: ${what}` }
  }
}

type CheckedOut = Readonly<{ commit: string; why: null } | { commit: string | null; why: string }>

/** What lies in the folder, if it is a checkout of the trunk at all. */
async function checkedOut(dir: string, trunk: string): Promise<CheckedOut> {
  const said = await git(dir, ['rev-parse', 'HEAD'])
  const commit = said.out.trim()
  if (said.code !== 0) return { commit: null, why: 'it is no checkout of a repository with a commit' }
  const branch = (await git(dir, ['symbolic-ref', '--quiet', 'HEAD'])).out.trim()
  if (branch === trunk) return { commit, why: null }
  const at = branch === '' ? 'no branch' : branch.replace('refs/heads/', '')
  return { commit, why: `it is on ${at}, and not on ${trunk.replace('refs/heads/', '')}` }
}

/** The head of the trunk; null where nothing was pushed yet. Throws where the folder is not behind it, but beside it. */
async function headFor(
  { stateDir }: Parts,
  repo: string,
  { trunk, from }: Readonly<{ trunk: string; from: string }>,
): Promise<string | null> {
  const dir = repoDir(stateDir, repo)
  if (!(await isThere(dir))) return null
  const head = (await git(dir, ['rev-parse', '--quiet', '--verify', '--end-of-options', trunk])).out.trim()
  if (head === '' || head === from) return head === '' ? null : head
  const isBehind = await git(dir, ['merge-base', '--is-ancestor', '--end-of-options', from, head])
  if (isBehind.code === 0) return head
  throw new TroubleError({
    what: `its commit ${from.slice(0, 7)} did not come to ${trunk.replace('refs/heads/', '')} of ${repo}: it is no clone of it, or nobody has pushed it`,
    now: `push it, or clone ${repo} anew`,
  })
}

/** What the hub could not work with: no sound `tandem.ts` where it has its own, or files where it keeps what is its own. */
async function refuseUnfit({ asOf, projectDir, stateDir }: Parts, head: string): Promise<void> {
  const source = await asOf(head)
  await source.config()
  const { below } = await checkoutOf(projectDir)
  if (!source.sourceDir.endsWith(below))
    throw new TroubleError({
      what: `${head.slice(0, 7)} has no tandem.ts in ${below}, where the hub has its own`,
      now: 'put it back there, or run the hub in the folder that has it',
    })
  const own = relative(projectDir, stateDir)
  if (own.startsWith(`..${sep}`) || !(await isThere(join(source.sourceDir, own)))) return
  throw new TroubleError({
    what: `${head.slice(0, 7)} has files in ${own}, where the hub keeps its own`,
    now: `take them out: git rm -r --cached ${own}`,
  })
}

async function moveTo(
  { projectDir, stateDir }: Parts,
  repo: string,
  { trunk, head }: Readonly<{ trunk: string; head: string }>,
): Promise<void> {
  // The hub's own two folders: nothing else is fetched by way of files.
  const env = { GIT_ALLOW_PROTOCOL: 'file' }
  const fetched = await git(
    projectDir,
    ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--', repoDir(stateDir, repo), trunk],
    { env },
  )
  const merge = [...(await withoutFilters(projectDir)), 'merge', '--quiet', '--ff-only', head]
  const moved = fetched.code === 0 ? await git(projectDir, merge) : fetched
  if (moved.code === 0) return
  const [first = 'git gave no reason'] = moved.err.trim().split('\n')
  throw new TroubleError({
    what: `git cannot go on to ${head.slice(0, 7)} there: ${first.replace(/^(?:error|fatal): /, '')}`,
    now: 'look at `git status` there',
  })
}
