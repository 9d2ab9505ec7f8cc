import type { Edit } from '../things/thing.ts'

/** The text of an edited file, or why it cannot be. */
export type Edited = Readonly<{ type: 'bytes'; bytes: Uint8Array } | { type: 'trouble'; what: string }>

/** A line without its end, and its end: `\n`, `\r\n`, or nothing for a last line without one. Bytes as Latin-1. */
type Line = Readonly<{ text: string; end: string }>

/**
 * The bytes of a file after edits, each done to what the one before it left. Bytes that no edit names stay as they are,
 * whatever their encoding; new lines end like the first line of the file.
 */
export function editBytes(bytes: Uint8Array, edits: readonly Edit[]): Edited {
  let lines: readonly Line[] = linesOf(Buffer.from(bytes).toString('latin1'))
  for (const edit of edits) {
    const next = editLines(lines, edit)
    if (typeof next === 'string') return { type: 'trouble', what: next }
    lines = next
  }
  return { type: 'bytes', bytes: Buffer.from(lines.map(({ text, end }) => text + end).join(''), 'latin1') }
}

function linesOf(text: string): readonly Line[] {
  return [...text.matchAll(/([^\n]*?)(\r?\n|$)/g)].flatMap(([whole, line = '', end = '']) =>
    whole === '' ? [] : [{ text: line, end }],
  )
}

function editLines(lines: readonly Line[], edit: Edit): readonly Line[] | string {
  switch (edit.type) {
    case 'line':
      return putLine(lines, edit)
    case 'no line': {
      const isOut = matcher(edit.matches)
      return lines.filter(({ text }) => text !== latin(edit.line) && !isOut(text))
    }
    case 'block':
      return putBlock(lines, edit)
    case 'no block': {
      const place = blockPlace(lines, edit)
      if (typeof place === 'string') return place
      return place === null ? lines : [...lines.slice(0, place.from), ...lines.slice(place.to + 1)]
    }
  }
}

/** The last line that matches or is equal becomes it, and no other stays that is equal: so doing it twice is once. */
function putLine(lines: readonly Line[], edit: Extract<Edit, { type: 'line' }>): readonly Line[] {
  const wanted = latin(edit.line)
  const isReplaced = matcher(edit.replaces)
  const place = lines.findLastIndex(({ text }) => text === wanted || isReplaced(text))
  if (place !== -1) {
    return lines.flatMap((line, index) => {
      if (index === place) return [{ ...line, text: wanted }]
      return line.text === wanted ? [] : [line]
    })
  }
  const isBefore = matcher(edit.after)
  const above = lines.findLastIndex(({ text }) => isBefore(text))
  return insert(lines, above === -1 ? lines.length : above + 1, [wanted])
}

function putBlock(lines: readonly Line[], edit: Extract<Edit, { type: 'block' }>): readonly Line[] | string {
  const inside = edit.lines === '' ? [] : latin(edit.lines.replace(/\r?\n$/, '')).split(/\r?\n/)
  const whole = [latin(edit.begin), ...inside, latin(edit.end)]
  if (inside.includes(latin(edit.begin)) || inside.includes(latin(edit.end)))
    return `the block holds its own marker line \`${edit.end}\``
  const place = blockPlace(lines, edit)
  if (typeof place === 'string') return place
  if (place === null) return insert(lines, lines.length, whole)
  const now = lines.slice(place.from, place.to + 1).map(({ text }) => text)
  if (now.join('\n') === whole.join('\n')) return lines
  return insert([...lines.slice(0, place.from), ...lines.slice(place.to + 1)], place.from, whole)
}

/** Where a block stands, both marker lines included; null: nowhere; a text: why nobody can say. */
function blockPlace(
  lines: readonly Line[],
  { begin, end }: Readonly<{ begin: string; end: string }>,
): Readonly<{ from: number; to: number }> | string | null {
  const from = lines.findIndex(({ text }) => text === latin(begin))
  if (from === -1) return null
  const to = lines.findIndex(({ text }, index) => index > from && text === latin(end))
  return to === -1 ? `it has the line \`${begin}\` without \`${end}\` after it` : { from, to }
}

function insert(lines: readonly Line[], index: number, texts: readonly string[]): readonly Line[] {
  const end = lines[0]?.end === '\r\n' ? '\r\n' : '\n'
  const above = lines.slice(0, index).map((line) => (line.end === '' ? { ...line, end } : line))
  return [...above, ...texts.map((text) => ({ text, end })), ...lines.slice(index)]
}

/** Expressions are written for text, so lines are read as UTF-8 for them. */
function matcher(expression: string | null): (line: string) => boolean {
  if (expression === null) return () => false
  const pattern = new RegExp(expression)
  return (line) => pattern.test(Buffer.from(line, 'latin1').toString('utf8'))
}

function latin(text: string): string
function latin(text: string | null): string | null
function latin(text: string | null): string | null {
  return text === null ? null : Buffer.from(text, 'utf8').toString('latin1')
}
