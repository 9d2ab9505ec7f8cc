import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { git } from '../../vcs/git.ts'

/** A file directly in the folder `ci` of a repository. `head` is how it begins, at most 8 KiB. */
export type CiFile = Readonly<{ name: string; isExecutable: boolean; head: string }>

const HEAD_BYTES = 8 * 1024
/** More files than this in `ci/` are no jobs of people. */
const MOST_FILES = 200
const AT_A_TIME = 8
const LARGEST_FILE = 4 * 1024 * 1024

/** The files of `ci/` as a commit has them. Nothing of the repository is run, and links are not followed. */
export async function ciFilesAt(repo: string, commit: string): Promise<readonly CiFile[]> {
  const listed = await git(repo, ['ls-tree', '-z', '--end-of-options', commit, '--', 'ci/'])
  if (listed.code !== 0) throw unreadable(repo, commit, listed.err)
  const items = listed.out.split('\0').flatMap((line) => {
    const [, mode = '', hash = '', name = ''] = /^(100\d{3}) blob ([0-9a-f]+)\tci\/(.+)$/s.exec(line) ?? []
    return mode === '' ? [] : [{ name, hash, isExecutable: mode === '100755' }]
  })
  refuseTooMany(items.length)
  const heads = await headsOf(
    repo,
    items.map(({ hash }) => hash),
  )
  return items.map(({ name, isExecutable }, at) => ({ name, isExecutable, head: heads[at] ?? '' }))
}

/** The files of `ci/` as they lie in a folder, committed or not. */
export async function ciFilesIn(folder: string): Promise<readonly CiFile[]> {
  const items = await readdir(join(folder, 'ci'), { withFileTypes: true }).catch(whenMissing)
  const names = items.filter((item) => item.isFile()).map(({ name }) => name)
  refuseTooMany(names.length)
  return Promise.all(names.toSorted().map((name) => readHead(folder, name)))
}

async function readHead(folder: string, name: string): Promise<CiFile> {
  await using file = await open(join(folder, 'ci', name))
  const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES))
  const { mode } = await file.stat()
  return { name, isExecutable: (mode & 0o100) !== 0, head: buffer.toString('utf8', 0, bytesRead) }
}

/** What is larger than any script is not read: its head is empty. */
async function headsOf(repo: string, hashes: readonly string[]): Promise<readonly string[]> {
  if (hashes.length === 0) return []
  const sizes = await git(repo, ['cat-file', '--batch-check'], { input: `${hashes.join('\n')}\n` })
  const lines = sizes.out.trim().split('\n')
  const isSmall = (at: number): boolean => Number(lines[at]?.split(' ')[2]) <= LARGEST_FILE
  const heads: string[] = []
  for (let from = 0; from < hashes.length; from += AT_A_TIME) {
    const some = hashes.slice(from, from + AT_A_TIME)
    const read = some.map(async (hash, at) => (isSmall(from + at) ? headOf(repo, hash) : ''))
    heads.push(...(await Promise.all(read)))
  }
  return heads
}

async function headOf(repo: string, hash: string): Promise<string> {
  const { out } = await git(repo, ['cat-file', 'blob', hash], { mostBytes: LARGEST_FILE })
  return Buffer.from(out).toString('utf8', 0, HEAD_BYTES)
}

function refuseTooMany(files: number): void {
  if (files <= MOST_FILES) return
  throw new TroubleError({
    what: `there are ${files} files in ci/, and at most ${MOST_FILES} are read`,
    where: 'ci/',
    now: 'put what is no job into a folder below it, such as ci/lib/',
  })
}

function unreadable(repo: string, commit: string, err: string): TroubleError {
  return new TroubleError({
    what: `cannot read the jobs of ${commit.slice(0, 7)}`,
    where: repo,
    tail: err.trim().split('\n').slice(-3),
    now: '`git fsck` says whether the repository is whole',
  })
}

function whenMissing(thrown: unknown): [] {
  if (thrown instanceof Error && 'code' in thrown && ['ENOENT', 'ENOTDIR'].includes(String(thrown.code)))
    return []
  throw thrown
}
