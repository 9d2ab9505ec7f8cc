import type { BlameLine } from '../../../api/wire/code.ts'

/** Lines that follow each other and came with one commit. */
export type BlameGroup = Readonly<{ first: BlameLine; lines: readonly BlameLine[] }>

export function groupsOf(lines: readonly BlameLine[]): readonly BlameGroup[] {
  const groups: { first: BlameLine; lines: BlameLine[] }[] = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last !== undefined && last.first.commit === line.commit) last.lines.push(line)
    else groups.push({ first: line, lines: [line] })
  }
  return groups
}
