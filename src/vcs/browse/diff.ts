import type { CommitView, FileDiff } from '../../api/wire/code.ts'
import { type Hunk, hunksIn } from './patch.ts'
import { read, readBeginning } from './read.ts'

const mostFiles = 300
const mostLinesOfFile = 2_000
const mostLines = 10_000
const mostPatchBytes = 4 * 1024 * 1024

const asked = ['diff-tree', '-r', '-M', '-l200', '--no-ext-diff', '--no-textconv', '--no-color']

/** What a commit changed beside its first parent, within limits; `cut` are the files that are left out. */
export async function diffOf(
  dir: string,
  { hash, parents }: Pick<CommitView, 'hash' | 'parents'>,
): Promise<Readonly<{ files: readonly FileDiff[]; cut: number }>> {
  const [parent] = parents
  const sides = parent === undefined ? ['--root', '--no-commit-id', hash] : [parent, hash]
  const moved = movedIn(await read(dir, [...asked, '--raw', '--numstat', '-z', ...sides, '--']))
  const patch = await readBeginning(dir, [...asked, '-p', '--unified=3', ...sides, '--'], mostPatchBytes)
  const sections = sectionsOf(patch.text, patch.isWhole)
  let [at, left] = [0, mostLines]
  const files = moved.slice(0, mostFiles).map((file): FileDiff => {
    // A file that becomes a link is two patches of one path.
    const mine = sections.slice(at, at + (file.isOfOtherType ? 2 : 1))
    at += mine.length
    const shown = file.isBinary ? [] : hunksIn(mine, Math.min(left, mostLinesOfFile))
    left -= shown.reduce((sum, { lines }) => sum + lines.length, 0)
    return withHunks(file, shown)
  })
  return { files, cut: moved.length - files.length }
}

type Moved = Omit<FileDiff, 'hunks' | 'cut'> & Readonly<{ isOfOtherType: boolean }>

function withHunks({ oldPath, newPath, isBinary, added, removed }: Moved, hunks: readonly Hunk[]): FileDiff {
  const changed = hunks.flatMap(({ lines }) => lines).filter(({ kind }) => kind !== 'same').length
  const cut = Math.max(0, added + removed - changed)
  return { oldPath, newPath, isBinary, added, removed, hunks, cut }
}

/** Patches of files, in the order of the files. One that was cut off may say something wrong: it is left out. */
function sectionsOf(text: string, isWhole: boolean): readonly string[] {
  const sections = text.split(/(?<=^|\n)(?=diff --git )/).filter((section) => section !== '')
  return isWhole ? sections : sections.slice(0, -1)
}

/** Names as they are, between NULs: nothing that stands in a name can be taken for something else. */
function movedIn(said: string): readonly Moved[] {
  const words = said.split('\0').values()
  const next = (): string => words.next().value ?? ''
  const files: Readonly<{ oldPath: string | null; newPath: string | null; isOfOtherType: boolean }>[] = []
  let word = next()
  for (; word.startsWith(':'); word = next()) {
    const status = word.split(' ').at(-1)?.charAt(0) ?? ''
    const path = next()
    const isMoved = status === 'R' || status === 'C'
    files.push({
      oldPath: status === 'A' ? null : path,
      newPath: status === 'D' ? null : isMoved ? next() : path,
      isOfOtherType: status === 'T',
    })
  }
  return files.map((file) => {
    const [, added = '-', removed = '-', path] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(word) ?? []
    // After an empty one come the old name and the new one.
    if (path === '') for (let names = 0; names < 2; names++) next()
    word = next()
    return { ...file, isBinary: added === '-', added: Number(added) || 0, removed: Number(removed) || 0 }
  })
}
