import { mkdir, readdir, realpath, rename, rm, stat, utimes } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { checkOut } from '../../vcs/check-out.ts'
import type { Commit } from '../../vcs/commit.ts'
import { git } from '../../vcs/git.ts'

const mostFiles = 20_000
const mostBytes = 256 * 1024 * 1024
const listingBytes = 64 * 1024 * 1024
/** What nobody asked for lately is made again when somebody does. */
const foldersKept = 20

/** Folders that hold one commit each, as it was pushed. */
export type CommitFolders = Readonly<{
  /** The folder of a commit; made where there is none. Throws a TroubleError for one that is too large or leads outside. */
  of: (repo: string, commit: Commit) => Promise<string>
}>

/** One folder is made at a time: each is a git that writes thousands of files. */
export function commitFolders(dir: string): CommitFolders {
  let last: Promise<unknown> = Promise.resolve()
  const make = async (repo: string, commit: Commit): Promise<string> => {
    const folder = join(dir, commit.hash)
    if (await isThere(folder)) {
      await utimes(folder, new Date(), new Date())
      return folder
    }
    const listed = await listedIn(repo, commit)
    const draft = join(dir, `.${commit.hash}.draft`)
    await rm(draft, { recursive: true, force: true })
    await mkdir(dir, { recursive: true, mode: 0o700 })
    try {
      await checkOut(repo, commit, draft)
      await refuseWayOut(draft, listed.links)
      await rename(draft, folder)
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
    await prune(dir)
    return folder
  }
  return {
    of: (repo, commit) => {
      const made = last.then(() => make(repo, commit))
      last = made.catch(() => undefined)
      return made
    },
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

type Listed = Readonly<{ links: readonly string[] }>

/** What a checkout would write, before it is written. */
async function listedIn(repo: string, { hash }: Commit): Promise<Listed> {
  const options = { mostBytes: listingBytes }
  const said = await git(repo, ['ls-tree', '-r', '-l', '-z', '--full-tree', hash], options)
  const files = said.out.split('\0').filter((line) => line !== '')
  const bytes = files.reduce((sum, line) => sum + (Number(/^\d+ \w+ \w+ +(\d+)\t/.exec(line)?.[1]) || 0), 0)
  if (said.code === 0 && files.length <= mostFiles && bytes <= mostBytes) {
    const links = files.filter((line) => line.startsWith('120000 '))
    return { links: links.map((line) => line.slice(line.indexOf('\t') + 1)) }
  }
  throw new TroubleError({
    what: `${hash.slice(0, 7)} is too large for an infrastructure: ${files.length} files, ${bytes} bytes`,
    where: repo,
    now: `keep it below ${mostFiles} files and ${mostBytes / 1024 / 1024} MB; recipes use download() for what is large`,
  })
}

/** `tandem.ts` may read its folder and nothing else: a link would lead it, and what recipes send, to files of the hub. */
async function refuseWayOut(folder: string, links: readonly string[]): Promise<void> {
  const root = await realpath(folder)
  for (const link of links) {
    const target = await realpath(join(folder, link)).catch(() => null)
    if (target !== null && (target === root || target.startsWith(root + sep))) continue
    throw new TroubleError({
      what: `${link} is a link to nothing in the repository`,
      where: link,
      now: 'commit the file itself: what recipes read and send lies in the repository',
    })
  }
}

async function prune(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => /^[0-9a-f]{40,64}$/.test(name))
  const used = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(dir, name))).mtimeMs })),
  )
  const old = used.toSorted((a, b) => b.at - a.at).slice(foldersKept)
  for (const { name } of old) await rm(join(dir, name), { recursive: true, force: true })
}
