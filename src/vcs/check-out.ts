import { mkdir, rm } from 'node:fs/promises'
import { TroubleError } from '../change/trouble.ts'
import type { Commit } from './commit.ts'
import { git, withoutFilters } from './git.ts'
import { refuseUnfit } from './tree-limits.ts'

/**
 * Writes the files of a commit into an empty folder, through an index of its own: the checkout of people is not
 * touched. An app in a folder of its repository gets that folder alone. Filters do not run; files that are only pointers
 * without theirs are refused, and so is what would fill the disk.
 */
export async function checkOut(repo: string, commit: Commit, into: string): Promise<void> {
  await mkdir(into, { recursive: true })
  const env = { GIT_INDEX_FILE: `${into}.index`, GIT_WORK_TREE: into }
  const { out: places } = await git(repo, ['rev-parse', '--absolute-git-dir', '--show-prefix'])
  const [gitDir = '', prefix = ''] = places.split('\n')
  const tree = prefix === '' ? commit.hash : `${commit.hash}:${prefix}`
  await refuseUnfit(into, { gitDir, tree })
  const place = ['--git-dir', gitDir, ...(await withoutFilters(repo))]
  try {
    const out = await git(into, [...place, 'read-tree', '--reset', '-u', tree], { env })
    if (out.code !== 0) {
      throw new TroubleError({
        what: `cannot check out ${commit.hash.slice(0, 7)}`,
        where: repo,
        tail: out.err.trim().split('\n').slice(-5),
        now: 'is the disk of the hub full? see the lines above',
      })
    }
    await refusePointers(into, place, { ...env, GIT_LITERAL_PATHSPECS: '0' })
  } finally {
    await rm(env.GIT_INDEX_FILE, { force: true })
  }
}

async function refusePointers(
  into: string,
  place: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const { out } = await git(into, [...place, 'ls-files', '-z', '--', ':(attr:filter=lfs)'], { env })
  const [first, ...others] = out.split('\0').filter((name) => name !== '')
  if (first === undefined) return
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  throw new TroubleError({
    what: `${first}${more} would be released as a pointer: its content is kept by Git LFS, which is not run here`,
    where: '.gitattributes',
    now: 'commit the file itself, or let the build fetch it',
  })
}
