import type { DiffLine, FileDiff } from '../../../api/wire/code.ts'

/** One row of two sides: what was on the left, what is on the right; null where that side has nothing. */
export type SideRow = Readonly<{ left: DiffLine | null; right: DiffLine | null }>

/** Lines of a hunk beside each other: what was removed beside what came in its place. */
export function sidesOf(lines: readonly DiffLine[]): readonly SideRow[] {
  const rows: SideRow[] = []
  let removed: DiffLine[] = []
  let added: DiffLine[] = []
  const flush = () => {
    for (let nth = 0; nth < Math.max(removed.length, added.length); nth += 1)
      rows.push({ left: removed[nth] ?? null, right: added[nth] ?? null })
    removed = []
    added = []
  }
  for (const line of lines) {
    if (line.kind === 'removed') {
      // A removed line after added ones begins anew: those above belong together.
      if (added.length > 0) flush()
      removed.push(line)
    } else if (line.kind === 'added') added.push(line)
    else {
      flush()
      rows.push({ left: line, right: line })
    }
  }
  flush()
  return rows
}

/** How many lines of a diff are shown before somebody asks for more, over all files. */
const mostOpenLines = 600
const mostOpenOfFile = 300

/** Which files stand open at first: those that fit on a page that people read from top to bottom. */
export function openAtFirst(files: readonly FileDiff[]): readonly boolean[] {
  let room = mostOpenLines
  return files.map((file) => {
    const lines = linesOf(file)
    const isOpen = lines <= mostOpenOfFile && lines <= room
    if (isOpen) room -= lines
    return isOpen
  })
}

export const linesOf = (file: FileDiff): number =>
  file.hunks.reduce((sum, { lines }) => sum + lines.length, 0)

export const totalsOf = (files: readonly FileDiff[]): Readonly<{ added: number; removed: number }> => ({
  added: files.reduce((sum, file) => sum + file.added, 0),
  removed: files.reduce((sum, file) => sum + file.removed, 0),
})

/** What a file is called in a diff: both names where it was moved. */
export function diffName({ oldPath, newPath }: Pick<FileDiff, 'oldPath' | 'newPath'>): string {
  if (oldPath !== null && newPath !== null && oldPath !== newPath) return `${oldPath} → ${newPath}`
  return newPath ?? oldPath ?? ''
}
