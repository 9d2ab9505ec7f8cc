import { cp, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { seeded } from './random.ts'
import type { Random } from './random.ts'
import { mustRun } from './run.ts'

export type SampleRepoOptions = Readonly<{
  /** Made, with its parents; must not exist or be empty. */
  folder: string
  /** How many filler files, and their bytes all together. */
  files: number
  bytes: number
  seed?: number
  /** More files of the first commit, by path: a tandem.ts, a changed mode.txt. */
  extra?: Readonly<Record<string, string>>
}>

export type SampleRepo = Readonly<{
  folder: string
  /** Writes the files and commits them; returns the commit's id. Without an argument: a new release.txt. */
  commit: (files?: Readonly<Record<string, string>>) => Promise<string>
  head: () => Promise<string>
}>

const APP_FOLDER = join(import.meta.dirname, 'sample-app')
const FILES_PER_FOLDER = 25
const FIRST_COMMIT_SECONDS = 1_700_000_000
const WORDS = 'return const value change order lease plan stage step guard entry ledger host fact rule'.split(
  ' ',
)

/** A git repository of the sample app and filler; the same options give the same commit ids. */
export async function makeSampleRepo(options: SampleRepoOptions): Promise<SampleRepo> {
  const { folder } = options
  await mkdir(folder, { recursive: true })
  await cp(APP_FOLDER, folder, { recursive: true, filter: (path) => !path.endsWith('.test.ts') })
  await writeFiller(options)
  let commits = 0
  const git = (...words: string[]) => mustRun(['git', '-C', folder, ...words], { env: gitEnv(commits) })
  const head = async () => (await git('rev-parse', 'HEAD')).trim()
  const commit = async (
    files: Readonly<Record<string, string>> = { 'release.txt': `release ${commits + 1}\n` },
  ) => {
    commits += 1
    await writeFiles(folder, files)
    await git('add', '--all')
    await git('commit', '--quiet', '--message', `Release ${commits}`)
    return head()
  }
  await git('init', '--quiet', '--initial-branch=main')
  await commit({ 'release.txt': 'release 1\n', ...options.extra })
  return { folder, commit, head }
}

// Dates and names are fixed, and nobody's own git configuration has a say, or the ids would differ by machine.
function gitEnv(commits: number): NodeJS.ProcessEnv {
  const date = `${FIRST_COMMIT_SECONDS + commits} +0000`
  return {
    PATH: process.env['PATH'],
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
  }
}

async function writeFiller({ folder, files, bytes, seed = 1 }: SampleRepoOptions): Promise<void> {
  const random = seeded(seed)
  const shares = Array.from({ length: files }, (_, index) => {
    const [from, to] = [index, index + 1].map((edge) => Math.round((bytes * edge) / files))
    return (to ?? 0) - (from ?? 0)
  })
  const contents = shares.map((share, index): [string, string] => [fillerPath(index), filler(random, share)])
  await writeFiles(folder, Object.fromEntries(contents))
}

function fillerPath(index: number): string {
  return join('filler', `part-${Math.floor(index / FILES_PER_FOLDER)}`, `file-${index}.txt`)
}

// Lines of words and numbers, which compress about as well as source code does.
function filler(random: Random, bytes: number): string {
  const lines: string[] = []
  let length = 0
  while (length < bytes) {
    const words = Array.from({ length: 6 }, () => random.pick(WORDS))
    const line = `${words.join(' ')} ${random.between(0, 0xffffffff).toString(36)}\n`
    lines.push(line)
    length += line.length
  }
  return lines.join('').slice(0, bytes)
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}
