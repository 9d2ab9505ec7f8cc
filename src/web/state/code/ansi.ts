import { plainText } from './plain-text.ts'

/** A part of a line that looks one way; `look` names classes out of a fixed set, and nothing of the text. */
export type Span = Readonly<{ text: string; look: string }>

type Look = Readonly<{ color: string | null; marks: ReadonlySet<Mark> }>
type Mark = 'bold' | 'dim' | 'italic' | 'underline'

const plain: Look = { color: null, marks: new Set() }
const colors = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
const marks: Readonly<Record<number, Mark>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline' }
const unmarks: Readonly<Record<number, readonly Mark[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
}

/** More than this in one line is shown without colours: a program that paints every letter is not worth a slow page. */
const mostSpans = 200

/**
 * A line as a terminal would show it, as far as colours go (SGR). All other sequences are left out, and of what was
 * written over itself (`\r`) only the last state is shown.
 */
export function spansOf(line: string): readonly Span[] {
  const last = line.replace(/\r+$/, '').split('\r').at(-1) ?? ''
  const pieces = last.replace(titles, '').split(sequence)
  const spans: Span[] = []
  let look = plain
  pieces.forEach((piece, nth) => {
    if (nth % 2 === 1) look = after(look, piece)
    else if (piece !== '') spans.push({ text: plainText(piece), look: classesOf(look) })
  })
  return spans.length <= mostSpans ? spans : [{ text: spans.map(({ text }) => text).join(''), look: '' }]
}

/** The words of a line alone. */
export const wordsIn = (line: string): string =>
  spansOf(line)
    .map(({ text }) => text)
    .join('')

// What begins with ESC ] sets titles and links and ends with BEL (which the hub keeps as U+FFFD) or ESC \.
// oxlint-disable-next-line no-control-regex -- a terminal's language
const titles = /\u001b[\]PX^_][^\u0007\u001b\ufffd]*(?:\u0007|\ufffd|\u001b\\)?/g
// oxlint-disable-next-line no-control-regex -- a terminal's language
const sequence = /(\u001b(?:\[[0-?]*[ -/]*[@-~]|[ -/]*[0-Z\\^-~]))/

function after(look: Look, code: string): Look {
  // oxlint-disable-next-line no-control-regex -- a terminal's language
  const given = /^\u001b\[([\d;:]*)m$/.exec(code)?.[1]
  return given === undefined ? look : withNumbers(look, given.split(/[;:]/).map(Number))
}

function withNumbers(look: Look, numbers: readonly number[]): Look {
  const [first, second, third] = numbers
  if (first === undefined) return look
  // 38;5;N and 38;2;R;G;B: of the many colours, only the sixteen that have names are shown.
  if (first === 38 || first === 48) {
    const rest = numbers.slice(second === 5 ? 3 : 5)
    const isNamed = first === 38 && second === 5 && third !== undefined && third < 16
    return withNumbers(isNamed ? { ...look, color: colors[third % 8] ?? null } : look, rest)
  }
  return withNumbers(withNumber(look, first), numbers.slice(1))
}

function withNumber(look: Look, number: number): Look {
  const mark = marks[number]
  if (number === 0) return plain
  if (mark !== undefined) return { ...look, marks: new Set([...look.marks, mark]) }
  if (number in unmarks)
    return { ...look, marks: new Set([...look.marks].filter((one) => !unmarks[number]?.includes(one))) }
  if (number === 39) return { ...look, color: null }
  const isColor = (number >= 30 && number <= 37) || (number >= 90 && number <= 97)
  return isColor ? { ...look, color: colors[number % 10] ?? null } : look
}

const classesOf = ({ color, marks: set }: Look): string =>
  [...(color === null ? [] : [`ansi-${color}`]), ...[...set].map((mark) => `ansi-${mark}`)].join(' ')
