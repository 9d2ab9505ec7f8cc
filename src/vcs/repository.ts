import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TroubleError } from '../change/trouble.ts'
import type { RepoConfig } from '../config/repo/repo.ts'
import { git, setting } from './git.ts'

/** What a repository may be called: the names that `tandem.ts` takes. */
export const repoName = /^[a-z][a-z0-9-]{0,23}$/

export const reposDir = (stateDir: string): string => join(stateDir, 'repos')

/** The bare repository of this name. Both doors and the builds find it here. */
export const repoDir = (stateDir: string, repo: string): string => join(reposDir(stateDir), `${repo}.git`)

/** Hooks of all repositories, and the socket by which they reach the hub. Outside of what can be pushed to. */
export const hooksDir = (stateDir: string): string => join(stateDir, 'hooks')

/** The branch that people see first: the first one that is protected by its whole name. */
export const trunkOf = ({ protect }: Pick<RepoConfig, 'protect'>): string =>
  protect.find((branch) => !branch.endsWith('*')) ?? 'main'

export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Whether it was made just now. Its configuration is written anew each time: what somebody altered there is gone. */
export async function prepareRepo(stateDir: string, repo: string, config: RepoConfig): Promise<boolean> {
  const dir = repoDir(stateDir, repo)
  const isNew = !(await isThere(dir))
  if (isNew) await makeRepo(stateDir, repo, config)
  await replaceFile(join(dir, 'config'), configText(stateDir, config), 0o600)
  return isNew
}

/** A repository is there whole or not at all. */
async function makeRepo(stateDir: string, repo: string, config: RepoConfig): Promise<void> {
  const draft = join(reposDir(stateDir), `.new-${repo}-${process.pid}`)
  await mkdir(reposDir(stateDir), { recursive: true, mode: 0o700 })
  await rm(draft, { recursive: true, force: true })
  const made = await git(reposDir(stateDir), [
    ...setting('init.defaultBranch', trunkOf(config)),
    'init',
    '--quiet',
    '--bare',
    '--template=',
    '--',
    draft,
  ])
  if (made.code !== 0) {
    await rm(draft, { recursive: true, force: true })
    throw new TroubleError({
      what: `cannot make the repository ${repo}`,
      where: reposDir(stateDir),
      tail: made.err.trim().split('\n').slice(-3),
      now: 'is the disk of the hub full? see the lines above',
    })
  }
  await rename(draft, repoDir(stateDir, repo))
}

/**
 * Rules for single branches are of the hook; here stands what holds for every push. Git throws nothing away by itself:
 * what no ref reaches any more may be live, or what a revert brings back, and only the hub knows (`upkeep/prune.ts`).
 */
function configText(stateDir: string, { largestBytes, forge }: RepoConfig): string {
  const sections: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>> = {
    core: {
      repositoryformatversion: 0,
      filemode: true,
      bare: true,
      logAllRefUpdates: true,
      hooksPath: hooksDir(stateDir),
      // Larger files are streamed, not held in memory.
      bigFileThreshold: '16m',
      fsync: 'committed',
      fsyncMethod: 'batch',
    },
    receive: {
      fsckObjects: true,
      maxInputSize: largestBytes,
      advertisePushOptions: true,
      autogc: false,
    },
    // Left out it means: only for who has a name, and that is what the door gives to people it knows.
    http: forge === null ? {} : { receivepack: false },
    uploadpack: { allowFilter: true },
    transfer: { hideRefs: 'refs/tandem' },
    gc: { auto: 0, pruneExpire: 'never' },
    maintenance: { auto: false },
  }
  return Object.entries(sections)
    .filter(([, values]) => Object.keys(values).length > 0)
    .map(([name, values]) => {
      const lines = Object.entries(values).map(([key, value]) => `\t${key} = ${quoted(value)}\n`)
      return `[${name}]\n${lines.join('')}`
    })
    .join('')
}

const quoted = (value: string | number | boolean): string =>
  typeof value === 'string' ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : String(value)

/** Readers see the old file or the new one. */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${process.pid}.draft`
  await writeFile(draft, text, { mode })
  await rename(draft, path)
}
