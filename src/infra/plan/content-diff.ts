import { isUtf8 } from 'node:buffer'
import type { PlanLine } from '../../change/plan.ts'
import { diffLines, type LineDiff } from './line-diff.ts'

/** What can be shown of a file: its bytes, or only what is known about them. */
export type Side = Readonly<{ bytes: Uint8Array | null; size: number; sha256: string }>

const contextLines = 3
/** A plan is read by people: more of one file is counted, not shown. */
const mostLines = 200
const widest = 300
/** Beyond this a file is a load, not a text. */
const mostBytes = 1_000_000

/** What differs between two contents, for people. `before` null: there was no file. */
export function diffContent(before: Side | null, after: Side): readonly PlanLine[] {
  const isText = [before, after].every((side) => side === null || isShowable(side))
  if (!isText)
    return [{ mark: '~', text: `${before === null ? '' : `${sizeText(before)} -> `}${sizeText(after)}` }]
  const lines = diffLines(rowsOf(before?.bytes ?? null), rowsOf(after.bytes))
  return bounded(inContext(lines))
}

/** The same when what was there is nobody's business: what comes is shown, what goes and what stays is counted. */
export function diffPrivately(before: Side, after: Side): readonly PlanLine[] {
  if (!isShowable(before) || !isShowable(after)) return diffContent(before, after)
  const lines = diffLines(rowsOf(before.bytes), rowsOf(after.bytes))
  const gone = lines.filter(({ type }) => type === 'gone').length
  const comes = lines.flatMap(({ type, text }): PlanLine[] => (type === 'new' ? [{ mark: '+', text }] : []))
  const goes: readonly PlanLine[] =
    gone === 0 ? [] : [{ mark: '-', text: `(${count(gone, 'line')}, which only its owner may read)` }]
  return bounded([...goes, ...comes])
}

export const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? '' : 's'}`

function isShowable({ bytes, size }: Side): boolean {
  return bytes !== null && size <= mostBytes && !bytes.includes(0)
}

function sizeText({ size, sha256 }: Side): string {
  return `${count(size, 'byte')} (${sha256.slice(0, 7)})`
}

/** Lines as people may see them: what is no text, or would command their terminal, as `\x1b`. */
function rowsOf(bytes: Uint8Array | null): readonly string[] {
  if (bytes === null || bytes.length === 0) return []
  const rows = Buffer.from(bytes).toString('latin1').split('\n')
  const last = rows.pop() ?? ''
  return [...rows.map(shown), ...(last === '' ? [] : [`${shown(last)} (no newline at the end)`])]
}

function shown(row: string): string {
  const bytes = Buffer.from(row, 'latin1')
  const text = isUtf8(bytes) ? bytes.toString('utf8') : row.replace(/[\x80-\xff]/g, escaped)
  // oxlint-disable-next-line no-control-regex -- these are what is to be found
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escaped)
}

function escaped(character: string): string {
  const code = character.charCodeAt(0)
  if (character === '\r') return String.raw`\r`
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** Only what differs, with three lines around it; a line says where each piece stands. */
function inContext(lines: LineDiff): readonly PlanLine[] {
  const near = nearChanges(lines)
  const isWhole = near.every(Boolean)
  const result: PlanLine[] = []
  let [before, after] = [1, 1]
  for (const [index, { type, text }] of lines.entries()) {
    const isFirst = near[index] === true && near[index - 1] !== true
    if (isFirst && !isWhole) result.push({ mark: ' ', text: `@@ -${before} +${after} @@` })
    if (near[index] === true) result.push({ mark: marks[type], text })
    if (type !== 'new') before += 1
    if (type !== 'gone') after += 1
  }
  return result
}

const marks = { same: ' ', gone: '-', new: '+' } as const

function nearChanges(lines: LineDiff): readonly boolean[] {
  const near = lines.map(() => false)
  for (const [index, { type }] of lines.entries()) {
    if (type === 'same') continue
    near.fill(true, Math.max(0, index - contextLines), index + contextLines + 1)
  }
  return near
}

function bounded(lines: readonly PlanLine[]): readonly PlanLine[] {
  const cut = lines.map(({ mark, text }) => ({
    mark,
    text: text.length > widest ? `${text.slice(0, widest)}… (${text.length - widest} more characters)` : text,
  }))
  if (cut.length <= mostLines) return cut
  const rest = cut.length - mostLines
  return [...cut.slice(0, mostLines), { mark: ' ', text: `… and ${count(rest, 'more line')}` }]
}
