import type { BlameLine, BlobView, TreeItem } from '../../api/wire/code.ts'
import { TroubleError } from '../../change/trouble.ts'
import { setting } from '../git.ts'
import { pathIn, read } from './read.ts'

/** The largest file whose text is shown. */
export const mostShownBytes = 1024 * 1024
/** The most lines of a file that are told who wrote them. */
const mostBlamed = 20_000

const kinds: Readonly<Record<string, TreeItem['kind']>> = {
  '040000': 'folder',
  '120000': 'link',
  '160000': 'submodule',
}

/** What a folder holds. Throws a trouble where there is none. */
export async function treeAt(dir: string, commit: string, written: string): Promise<readonly TreeItem[]> {
  const path = pathIn(written)
  if (path !== '' && (await itemAt(dir, commit, path))?.kind !== 'folder') throw notThere('folder', path)
  // With a slash at its end it is what is in the folder, not the folder.
  const place = path === '' ? [] : [`${path}/`]
  return itemsIn(await read(dir, ['ls-tree', '-z', '--long', '--full-tree', commit, '--', ...place]))
}

async function itemAt(dir: string, commit: string, path: string): Promise<TreeItem | null> {
  const said = await read(dir, ['ls-tree', '-z', '--long', '--full-tree', commit, '--', path])
  return itemsIn(said)[0] ?? null
}

function itemsIn(said: string): readonly TreeItem[] {
  return said.split('\0').flatMap((record): readonly TreeItem[] => {
    const [, mode = '', hash = '', size = '', path = ''] =
      /^(\d+) [a-z]+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(record) ?? []
    if (hash === '') return []
    const name = path.slice(path.lastIndexOf('/') + 1)
    return [{ name, kind: kinds[mode] ?? 'file', hash, bytes: size === '-' ? null : Number(size) }]
  })
}

/** A file, or where a link leads. Throws a trouble where there is none. */
export async function blobAt(dir: string, commit: string, written: string): Promise<BlobView> {
  const path = pathIn(written)
  const item = path === '' ? null : await itemAt(dir, commit, path)
  if (item === null || item.bytes === null) throw notThere('file', path)
  const { hash, bytes } = item
  const text = bytes > mostShownBytes ? null : await read(dir, ['cat-file', 'blob', hash])
  return { path, hash, bytes, text: text === null || text.includes('\0') ? null : text }
}

const notThere = (what: string, path: string): TroubleError =>
  new TroubleError({
    what: `there is no ${what} ${JSON.stringify(path.slice(0, 200))} in this commit`,
    now: 'look at the folder above it',
  })

/** Which commit wrote each line of a file. Throws a trouble for a file whose text is not shown. */
export async function blameAt(dir: string, commit: string, written: string): Promise<readonly BlameLine[]> {
  const { path, text } = await blobAt(dir, commit, written)
  if (text === null) {
    throw new TroubleError({
      what: `${path} is binary, or over ${mostShownBytes} bytes: its lines are not shown`,
      now: 'look at it in a clone',
    })
  }
  if (text.split('\n', mostBlamed + 2).length > mostBlamed + 1) {
    throw new TroubleError({
      what: `${path} has over ${mostBlamed} lines: who wrote them is not shown`,
      now: '`git blame` in a clone shows it',
    })
  }
  // Names are those that were committed: a file of the repository does not change them.
  const asCommitted = setting('mailmap.blob', '')
  return blameIn(await read(dir, [...asCommitted, 'blame', '--porcelain', commit, '--', path]))
}

type Author = Pick<BlameLine, 'author' | 'at' | 'subject'>

/** Git says who wrote a commit when the commit comes up first. */
function blameIn(said: string): readonly BlameLine[] {
  const authors = new Map<string, Author>()
  const lines: BlameLine[] = []
  let [commit, line] = ['', 0]
  for (const row of said.split('\n')) {
    const head = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(row)
    const known = authors.get(commit) ?? { author: '', at: 0, subject: '' }
    if (row.startsWith('\t')) lines.push({ line, commit, ...known, text: row.slice(1) })
    else if (head !== null) [commit, line] = [head[1] ?? '', Number(head[2])]
    else authors.set(commit, { ...known, ...saidOf(row) })
  }
  return lines
}

function saidOf(row: string): Partial<Author> {
  const [, word, value = ''] = /^(author|author-time|summary) (.*)$/s.exec(row) ?? []
  if (word === 'author') return { author: value }
  if (word === 'author-time') return { at: Number(value) * 1000 }
  return word === 'summary' ? { subject: value } : {}
}
