import type { DiffLine, FileDiff } from '../../api/wire/code.ts'

export type Hunk = FileDiff['hunks'][number]

const textKept = 2_000

/** The hunks of the patches of one file, at most so many lines of them. */
export function hunksIn(patches: readonly string[], mostLines: number): readonly Hunk[] {
  const hunks: { header: string; lines: DiffLine[] }[] = []
  let [count, oldLine, newLine] = [0, 0, 0]
  for (const row of patches.flatMap((patch) => patch.split('\n'))) {
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(row)
    if (head !== null) {
      if (count >= mostLines) return hunks
      hunks.push({ header: row.slice(0, textKept), lines: [] })
      ;[oldLine, newLine] = [Number(head[1]), Number(head[2])]
      continue
    }
    // Before the first hunk of a patch stand only words about its file.
    if (row.startsWith('diff --git ')) [oldLine, newLine] = [-1, -1]
    const kind = kinds[row.charAt(0)]
    if (kind === undefined || oldLine === -1) continue
    if (count >= mostLines) return hunks
    count += 1
    hunks.at(-1)?.lines.push({
      kind,
      old: kind === 'added' ? null : oldLine++,
      new: kind === 'removed' ? null : newLine++,
      text: row.slice(1, textKept),
    })
  }
  return hunks
}

const kinds: Readonly<Record<string, DiffLine['kind']>> = { ' ': 'same', '+': 'added', '-': 'removed' }
