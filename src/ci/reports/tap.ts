import { eachLine } from './in-turns.ts'
import type { FoundTest, TestList } from './test-list.ts'

/** A group of tests whose own line comes behind them. */
type Group = { name: string; tests: number; failed: number }

type Point = { depth: number; test: FoundTest; yaml: string[] | null }

const DEEPEST = 50
const MOST_YAML = 200

/** Reads TAP 13 and 14 with subtests and diagnostics; all other lines of a log are passed over. */
export async function readTap(text: string, list: TestList): Promise<string | null> {
  const reader = openReader(list)
  await eachLine(text, reader.line)
  reader.end()
  return null
}

function openReader(list: TestList) {
  const groups: Group[] = []
  let point: Point | null = null

  function settle(): void {
    if (point === null) return
    const { depth, test, yaml } = point
    point = null
    const own = groups[depth]
    groups.length = Math.min(groups.length, depth)
    const whole = { ...test, ...diagnosed(yaml, test) }
    const parent = groups[depth - 1]
    if (parent !== undefined) parent.tests += 1
    if (parent !== undefined && test.outcome === 'failed') parent.failed += 1
    // A group is no test; it is told of when it failed and none of its tests did.
    if (own !== undefined && own.tests > 0 && (test.outcome !== 'failed' || own.failed > 0)) return
    list.add({ ...whole, path: [...groups.slice(0, depth).map(({ name }) => name), ...test.path] })
  }

  function line(text: string): void {
    if (point !== null && inDiagnosis(point, text)) return
    const [, indent = '', rest = ''] = /^( *)(.*)$/.exec(text) ?? []
    const depth = Math.min(Math.floor(indent.length / 4), DEEPEST)
    const subtest = /^# Subtest: (.*)$/.exec(rest)?.[1]
    if (subtest !== undefined) {
      settle()
      while (groups.length < depth) groups.push({ name: '', tests: 0, failed: 0 })
      groups.length = depth
      groups.push({ name: unescaped(subtest), tests: 0, failed: 0 })
    }
    const test = testOf(rest)
    if (test === null) return
    settle()
    point = { depth, test, yaml: null }
  }

  return { line, end: settle }
}

const escaped = /\\([\\#])/g
const unescaped = (text: string): string => text.replaceAll(escaped, '$1')

function testOf(text: string): FoundTest | null {
  if (text.startsWith('Bail out!'))
    return { path: ['Bail out!'], outcome: 'failed', ms: null, message: text.slice(9) }
  const [, not, rest] = /^(not )?ok\b(?: +\d+)?(?: +-)? ?(.*)$/.exec(text) ?? []
  if (rest === undefined) return null
  const [all = '', directive, why = ''] = /(?<!\\)# *(skip|todo)\S*(.*)$/i.exec(rest) ?? []
  const name = unescaped(rest.slice(0, rest.length - all.length))
  const passed = not === undefined ? 'passed' : 'failed'
  return { path: [name], outcome: directive === undefined ? passed : 'skipped', ms: null, message: why }
}

/** Whether the line belongs to the YAML behind a point; that is indented by two more than the point. */
function inDiagnosis(point: Point, text: string): boolean {
  const indent = ' '.repeat(point.depth * 4 + 2)
  if (point.yaml === null) {
    if (text.trimEnd() !== `${indent}---`) return false
    point.yaml = []
    return true
  }
  if (point.yaml.at(-1) === end) return false
  if (point.yaml.length < MOST_YAML || text.trimEnd() === `${indent}...`)
    point.yaml.push(text.trimEnd() === `${indent}...` ? end : text.slice(indent.length))
  return true
}

/** A mark that no line is equal to. */
const end = '\n'

function diagnosed(yaml: readonly string[] | null, test: FoundTest): Pick<FoundTest, 'ms' | 'message'> {
  if (yaml === null) return test
  const ms = yaml
    .map((line) => /^duration_ms: ([\d.]+)$/.exec(line)?.[1])
    .find((found) => found !== undefined)
  const message = valueOf(yaml, 'error') ?? valueOf(yaml, 'message') ?? test.message
  return {
    ms: ms === undefined ? test.ms : Number(ms),
    message: test.outcome === 'failed' ? message : test.message,
  }
}

/** The text of a key: on its line, or in the block below. */
function valueOf(yaml: readonly string[], key: string): string | null {
  const at = yaml.findIndex((line) => line.startsWith(`${key}:`))
  if (at === -1) return null
  const here = (yaml[at] ?? '').slice(key.length + 1).trim()
  if (!/^[|>][-+]?$/.test(here)) return here.replace(/^(['"])(.*)\1$/, '$2')
  const below = yaml.slice(at + 1)
  const over = below.findIndex((line) => /^\S/.test(line) || line === end)
  return below
    .slice(0, over === -1 ? below.length : over)
    .map((line) => line.slice(2))
    .join('\n')
}
