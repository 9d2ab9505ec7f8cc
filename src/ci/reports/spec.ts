import { eachLine } from './in-turns.ts'
import type { FoundTest, TestList } from './test-list.ts'

type Group = { name: string; tests: number; failed: number }
type Sign = '✔' | '✖' | '▶' | '﹣' | '⚠'
type Row = Readonly<{ depth: number; sign: Sign; name: string; ms: number | null; isExpected: boolean }>

const DEEPEST = 50
const MOST_TOLD = 1_000
const LINES_OF_MESSAGE = 60

/** Reads what `node --test` prints for people, also in the middle of a log. Its failures are told at its end. */
export async function readSpec(text: string, list: TestList): Promise<string | null> {
  const found: FoundTest[] = []
  const reader = openReader((test) => found.push(test))
  const told = new Map<string, string[]>()
  let isTelling = false
  let lines: string[] | null = null
  await eachLine(text.replaceAll(colours, ''), (line) => {
    if (line === '✖ failing tests:') isTelling = true
    else if (!isTelling) reader.row(line)
    else lines = toldOf(line, lines, told)
  })
  for (const test of found) list.add({ ...test, message: messageOf(test, told) })
  return null
}

// oxlint-disable-next-line no-control-regex -- this is what is taken out
const colours = /\u001B\[[0-9;]*m/g

function openReader(add: (test: FoundTest) => void) {
  const groups: Group[] = []
  return {
    row: (line: string): void => {
      const row = rowOf(line)
      if (row === null) return
      const { depth, sign, name, ms } = row
      groups.length = Math.min(groups.length, sign === '▶' && ms === null ? depth : depth + 1)
      if (sign === '▶' && ms === null) {
        groups.push({ name, tests: 0, failed: 0 })
        return
      }
      const own = groups[depth]?.name === name ? groups[depth] : null
      groups.length = Math.min(groups.length, depth)
      const outcome = outcomeOf(row)
      const parent = groups.at(-1)
      if (parent !== undefined) parent.tests += 1
      if (parent !== undefined && outcome === 'failed') parent.failed += 1
      if (own !== null && own.tests > 0 && (outcome !== 'failed' || own.failed > 0)) return
      add({ path: [...groups.map((group) => group.name), name], outcome, ms, message: null })
    },
  }
}

function rowOf(line: string): Row | null {
  const [, indent = '', sign, rest = ''] = /^( *)([✔✖▶﹣⚠]) (.*)$/u.exec(line) ?? []
  if (sign === undefined) return null
  const depth = Math.min(indent.length / 2, DEEPEST)
  const [, name, ms, note] = /^(.*) \((\d+(?:\.\d+)?)ms\)( # .*)?$/.exec(rest) ?? []
  if (name === undefined && sign !== '▶') return null
  return {
    depth,
    sign: sign as Sign,
    name: name ?? rest,
    ms: ms === undefined ? null : Number(ms),
    isExpected: note !== undefined,
  }
}

function outcomeOf({ sign, isExpected }: Row): FoundTest['outcome'] {
  if (isExpected || sign === '﹣' || sign === '⚠') return 'skipped'
  return sign === '✖' ? 'failed' : 'passed'
}

/** Below `test at FILE` stands the test, and below that, indented, what it says. */
function toldOf(line: string, lines: string[] | null, told: Map<string, string[]>): string[] | null {
  const row = rowOf(line)
  if (row?.depth === 0 && !told.has(row.name) && told.size < MOST_TOLD) {
    const begun: string[] = []
    told.set(row.name, begun)
    return begun
  }
  if (row?.depth === 0 || line.startsWith('test at ')) return null
  if (lines !== null && lines.length < LINES_OF_MESSAGE) lines.push(line.replace(/^ {2}/, ''))
  return lines
}

function messageOf(
  { path, outcome }: FoundTest,
  told: ReadonlyMap<string, readonly string[]>,
): string | null {
  return outcome === 'failed' ? (told.get(path.at(-1) ?? '')?.join('\n') ?? null) : null
}
