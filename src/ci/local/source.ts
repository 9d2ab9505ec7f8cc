import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { type Commit, findCommit } from '../../vcs/commit.ts'
import { git, type Said, withoutFilters } from '../../vcs/git.ts'

/** What jobs are run on: a commit, and the repository that has it. */
export type Source = Readonly<{ repo: string; commit: Commit; ref: string }>

/** The top of the checkout that a folder lies in. */
export async function topOf(folder: string): Promise<string> {
  const { out } = must(folder, await git(folder, ['rev-parse', '--show-toplevel']))
  return out.trimEnd()
}

/** The name of the repository that this checkout was cloned from; null = from nowhere. */
export async function nameOf(top: string): Promise<string | null> {
  const { code, out } = await git(top, ['config', '--get', 'remote.origin.url'])
  return code === 0 ? (/([^/:]+?)(?:\.git)?\/?\s*$/.exec(out)?.[1] ?? null) : null
}

export async function headOf(top: string): Promise<Source> {
  return { repo: top, commit: await findCommit(top, 'HEAD'), ref: await refOf(top) }
}

/**
 * The work tree as it lies, without what git ignores, as a commit in a repository of its own in `scratch`. Objects that
 * are there are borrowed, and nothing is written into the repository of the checkout.
 */
export async function dirtyOf(top: string, scratch: string): Promise<Source> {
  const repo = join(scratch, 'dirty.git')
  const paths = await git(top, [
    'rev-parse',
    '--path-format=absolute',
    '--git-path',
    'objects',
    '--git-path',
    'index',
  ])
  const [objects = '', index = ''] = must(top, paths).out.trimEnd().split('\n')
  must(scratch, await git(scratch, ['init', '--quiet', '--bare', '--end-of-options', repo]))
  await writeFile(join(repo, 'objects', 'info', 'alternates'), `${objects}\n`)
  const ignored = must(
    top,
    await git(top, ['rev-parse', '--path-format=absolute', '--git-path', 'info/exclude']),
  )
  await copyFile(ignored.out.trimEnd(), join(repo, 'info', 'exclude')).catch(whenMissing)
  // What the index knows of files that have not changed need not be found out anew.
  await copyFile(index, join(repo, 'index')).catch(whenMissing)
  const place = [...(await withoutFilters(top)), '--git-dir', repo, '--work-tree', top]
  const author = { GIT_AUTHOR_NAME: 'tandem', GIT_AUTHOR_EMAIL: 'tandem@localhost' }
  const committer = { GIT_COMMITTER_NAME: 'tandem', GIT_COMMITTER_EMAIL: 'tandem@localhost' }
  must(top, await git(top, [...place, 'add', '--all', '--', '.']))
  const tree = must(top, await git(top, [...place, 'write-tree'])).out.trim()
  const subject = ['commit-tree', '-m', 'the work tree', tree]
  const made = await git(repo, subject, { env: { ...author, ...committer } })
  return { repo, commit: await findCommit(repo, must(repo, made).out.trim()), ref: await refOf(top) }
}

/** The branch that is checked out; a checkout of a commit alone is `HEAD`. */
async function refOf(top: string): Promise<string> {
  const { code, out } = await git(top, ['symbolic-ref', '--quiet', 'HEAD'])
  return code === 0 ? out.trim() : 'HEAD'
}

function must(where: string, said: Said): Said {
  if (said.code === 0) return said
  const tail = said.err.trim().split('\n').slice(-3)
  const now = 'go into a checkout of your repository, and see what git says above'
  throw new TroubleError({ what: 'git cannot read this checkout', where, tail, now })
}

function whenMissing(thrown: unknown): void {
  if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown
}
