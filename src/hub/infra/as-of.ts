import { join } from 'node:path'
import type { TeamConfig } from '../../config/config.ts'
import { configReader } from '../../config/reading/keep.ts'
import { recipeReader } from '../../config/infra/recipes.ts'
import { isProtected } from '../../config/repo/repo.ts'
import type { InfraSource, InfraWorld } from '../../infra/infra-world.ts'
import { type Commit, findCommit } from '../../vcs/commit.ts'
import { git } from '../../vcs/git.ts'
import { isThere, repoDir } from '../../vcs/repository.ts'
import type { HubOptions } from '../options.ts'
import { readSecretsOf } from '../secrets/read-secrets.ts'
import { checkoutOf } from './checkout.ts'
import { commitFolders } from './commit-folders.ts'

type Parts = Readonly<{ options: HubOptions; config: () => Promise<TeamConfig> }>

/** Where commits of the infrastructure are looked up, and which refs say what everybody has agreed to. */
type Place = Readonly<{ dir: string; isAgreed: (commit: Commit) => Promise<boolean> }>

const sourcesKept = 20

/**
 * Recipes as of a commit: out of the repository that `infra.repo` names, or of the one that the hub's own folder is a
 * checkout of. What was pushed is data: it is written into a folder of its own, and read by the same shut-in child
 * process as every `tandem.ts`.
 */
export function asOfCommits({ options, config }: Parts): InfraWorld['asOf'] {
  const folders = commitFolders(join(options.stateDir, 'commits'))
  const read = new Map<string, Omit<InfraSource, 'isAgreed' | 'strangers'>>()
  const sourceOf = (dir: string, hash: string): Omit<InfraSource, 'isAgreed' | 'strangers'> => {
    const source = read.get(hash) ?? sourceIn(dir, hash, options)
    // The one that was used last stands last.
    read.delete(hash)
    read.set(hash, source)
    for (const [oldest] of read) if (read.size > sourcesKept) read.delete(oldest)
    return source
  }
  return async (ref) => {
    const known = await config()
    const checkout = await checkoutOf(options.projectDir)
    const { dir, isAgreed } = await placeOf(options, known, checkout.top)
    const commit = await findCommit(dir, ref)
    const folder = await folders.of(dir, commit)
    const source = sourceOf(await folderWithin(folder, checkout.below), commit.hash)
    if (await isAgreed(commit)) return { ...source, isAgreed: true, strangers: [] }
    const strangers = Object.keys((await source.config()).hosts).filter(
      (host) => !Object.hasOwn(known.hosts, host),
    )
    return {
      ...source,
      isAgreed: false,
      strangers,
      config: async () => amongKnown(await source.config(), known),
    }
  }
}

/** `tandem.ts` lies as far below the top as in the hub's own folder, or else at the top. */
async function folderWithin(folder: string, below: string): Promise<string> {
  return (await isThere(join(folder, below, 'tandem.ts'))) ? join(folder, below) : folder
}

function sourceIn(dir: string, commit: string, options: HubOptions) {
  return {
    sourceDir: dir,
    commit,
    config: configReader(dir),
    recipes: recipeReader(dir),
    kept: new WeakMap(),
    secrets: () => readSecretsOf({ ...options, projectDir: dir }, 'infra'),
  }
}

async function placeOf({ stateDir }: HubOptions, known: TeamConfig, top: string): Promise<Place> {
  const { repo } = known.infra
  const dir = repo === null ? null : repoDir(stateDir, repo)
  if (repo === null || dir === null || !(await isThere(dir))) {
    return { dir: top, isAgreed: (commit) => isIn(top, commit, ['HEAD']) }
  }
  return {
    dir,
    isAgreed: async (commit) => {
      const heads = await git(dir, ['for-each-ref', '--format=%(refname)', 'refs/heads/'])
      const branches = heads.out.split('\n').filter((ref) => {
        const config = known.repos[repo]
        return config !== undefined && isProtected(config, ref.slice('refs/heads/'.length))
      })
      return isIn(dir, commit, branches)
    },
  }
}

async function isIn(dir: string, { hash }: Commit, refs: readonly string[]): Promise<boolean> {
  for (const ref of refs) {
    const said = await git(dir, ['merge-base', '--is-ancestor', '--end-of-options', hash, ref])
    if (said.code === 0) return true
  }
  return false
}

/** Hosts that the hub knows, where it knows them: a commit that nobody has agreed to sends it nowhere else. */
const amongKnown = (config: TeamConfig, known: TeamConfig): TeamConfig => ({
  ...config,
  hosts: Object.fromEntries(
    Object.entries(config.hosts).flatMap(([name, host]) => {
      const here = Object.hasOwn(known.hosts, name) ? known.hosts[name] : undefined
      return here === undefined ? [] : [[name, { ...host, via: here.via }]]
    }),
  ),
})
