import { TroubleError } from '../change/trouble.ts'
import { nearest } from '../config/mistakes/nearest.ts'
import { git, withoutFilters } from './git.ts'

/** A commit, looked up once: names move, hashes do not. */
export type Commit = Readonly<{ hash: string; tree: string; subject: string; author: string; at: number }>

/** The commit that a branch, tag or hash names. Throws a trouble that says what was probably meant. */
export async function findCommit(repo: string, ref: string): Promise<Commit> {
  const format = '%H%x00%T%x00%s%x00%an%x00%ct'
  const found = await git(repo, [
    'log',
    '-1',
    `--format=${format}`,
    '--end-of-options',
    `${ref}^{commit}`,
    '--',
  ])
  if (found.code !== 0) throw await whyNoCommit(repo, ref, found.err)
  const [hash = '', tree = '', subject = '', author = '', at = '0'] = found.out.trimEnd().split('\0')
  return { hash, tree, subject, author, at: Number(at) * 1000 }
}

async function whyNoCommit(repo: string, ref: string, err: string): Promise<TroubleError> {
  const inside = await git(repo, ['rev-parse', '--is-inside-work-tree', '--is-shallow-repository'])
  if (inside.code !== 0) {
    return new TroubleError({
      what: `${repo} is not a git repository`,
      where: repo,
      now: '`git init`, commit, and deploy again',
    })
  }
  const named = await git(repo, ['for-each-ref', '--format=%(refname:short)', '--count=2000'])
  const names = named.out.split('\n').filter((name) => name !== '')
  if (ref === 'HEAD' && names.length === 0) {
    return new TroubleError({
      what: 'the repository has no commit yet',
      where: repo,
      now: 'commit something and deploy again',
    })
  }
  const meant = nearest(ref, names)
  const shallow = inside.out.includes('true\ntrue')
    ? '; the checkout is shallow: `git fetch --unshallow` brings the rest'
    : ''
  return new TroubleError({
    what: `there is no commit called ${ref}`,
    where: repo,
    tail: err.trim().split('\n').slice(-2),
    now: `${meant === null ? 'see `git log`' : `did you mean ${meant}?`}${shallow}`,
  })
}

/** How many files differ from the last commit: they are not part of a release. */
export async function uncommitted(repo: string): Promise<number> {
  const status = await git(repo, [
    ...(await withoutFilters(repo)),
    'status',
    '--porcelain',
    '--untracked-files=normal',
  ])
  return status.out.split('\n').filter((line) => line !== '').length
}

/** Subjects of the commits that come (`+`) or go (`-`), newest first, at most `limit` of each. */
export async function commitsBetween(
  repo: string,
  from: string,
  to: string,
  limit: number,
): Promise<readonly string[]> {
  const format = '--format=%m %h %s (%an)'
  const said = await git(repo, [
    'log',
    '--left-right',
    format,
    `--max-count=${limit}`,
    '--end-of-options',
    `${from}...${to}`,
    '--',
  ])
  if (said.code !== 0) return []
  return said.out.split('\n').filter((line) => line !== '')
}

/** How many commits `to` has and `from` has not (`ahead`), and the other way; null where one of them is not there. */
export async function distance(
  repo: string,
  from: string,
  to: string,
): Promise<Readonly<{ ahead: number; behind: number }> | null> {
  const range = `${from}...${to}`
  const said = await git(repo, ['rev-list', '--left-right', '--count', '--end-of-options', range, '--'])
  const [, behind, ahead] = /^(\d+)\t(\d+)\s*$/.exec(said.out) ?? []
  return ahead === undefined || behind === undefined ? null : { ahead: Number(ahead), behind: Number(behind) }
}
