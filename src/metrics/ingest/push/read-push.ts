import { parseFloatText } from '../../promql/parse/number.ts'
import { unescaped, readSeries } from '../exposition/series-line.ts'
import type { Said } from '../join-labels.ts'
import { labelFault, type LabelLimits } from '../label-limits.ts'
import { Unreadable } from '../unreadable.ts'

/** A line somebody typed: `signups 3`. `ms` is null where it says no time. */
export type Pushed = Readonly<{ said: Said; value: number; ms: number | null }>

const mostLines = 50_000

const series = /[ \t]*[a-zA-Z_:][a-zA-Z0-9_:]*(?:[ \t]*\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?/y
const pair = /[ \t]+([a-zA-Z_][a-zA-Z0-9_]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/y
const word = /[ \t]+(\S+)/y
const rest = /[ \t\r]*$/y

/** What is later than this in seconds is meant in milliseconds. */
const msFrom = 1e11

/**
 * Reads lines like `signups 3`, `signups plan=pro 3` and `signups{plan="pro"} 3 1700000000`. `separators`: what may stand
 * between them besides line breaks. Throws Unreadable with the line and what was expected there.
 */
export function readPush(text: string, limits: LabelLimits, separators: '' | '&'): readonly Pushed[] {
  const lines = separators === '&' && !text.includes('\n') ? splitUnquoted(text) : text.split('\n')
  if (lines.length > mostLines) throw new Unreadable(`at most ${mostLines} lines are taken at once`)
  return lines.flatMap((line, at) => {
    if (/^\s*(#.*)?$/.test(line)) return []
    try {
      return [readLine(line, limits)]
    } catch (thrown) {
      if (!(thrown instanceof Unreadable)) throw thrown
      throw new Unreadable(`line ${at + 1}: ${thrown.message}`, { cause: thrown })
    }
  })
}

/** Where curl joins what was given with several `-d`. */
function splitUnquoted(text: string): readonly string[] {
  return text.match(/(?:[^"&]|"(?:[^"\\]|\\.)*"?)+/g) ?? []
}

function readLine(line: string, limits: LabelLimits): Pushed {
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(line)
    if (found !== null) at += found[0].length
    return found
  }
  const expected = (what: string): Unreadable => {
    const found = line.slice(at, at + 20).trim()
    const there = found === '' ? 'the end of the line' : JSON.stringify(found)
    return new Unreadable(`expected ${what}, found ${there}: a line is like \`signups plan=pro 3\``)
  }
  const named = match(series)
  if (named === null) throw expected('a name of letters, digits, "_" and ":"')
  const said = new Map(readSeries(named[0].trim(), limits))
  for (let found = match(pair); found !== null; found = match(pair)) {
    const [, label = '', quoted, bare = ''] = found
    if (said.has(label)) throw new Unreadable(`${label} is said twice`)
    said.set(label, quoted === undefined ? bare : unescaped(quoted))
  }
  const fault = labelFault(said, limits)
  if (fault !== null) throw new Unreadable(fault)
  const before = at
  const value = parseFloatText(match(word)?.[1] ?? '')
  if (value === null) {
    at = before
    throw expected('a number')
  }
  const ms = timeOf(match(word)?.[1])
  if (match(rest) === null) throw expected('nothing more')
  return { said, value, ms }
}

function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const time = parseFloatText(text)
  const ms = time === null ? Number.NaN : Math.round(time >= msFrom ? time : 1000 * time)
  if (!Number.isSafeInteger(ms))
    throw new Unreadable(`expected a time in seconds since 1970, found ${JSON.stringify(text.slice(0, 20))}`)
  return ms
}
