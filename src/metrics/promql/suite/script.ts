import { type Labels, labelsOf } from '../../labels.ts'
import type { WrittenSample } from '../../memory-source.ts'
import { Cursor } from '../parse/cursor.ts'
import { parseDuration } from '../parse/duration.ts'
import { selector } from '../parse/selector.ts'
import { seriesValues } from './values.ts'

export type Loaded = Readonly<{ labels: Labels; samples: readonly WrittenSample[] }>

/** What an evaluation must come to: a number without labels is a scalar. */
export type Expected = Readonly<{ labels: Labels; value: number }>

export type Evaluation = Readonly<{
  type: 'eval'
  line: number
  query: string
  atMs: number
  isOrdered: boolean
  mustFail: boolean
  scalar: number | null
  vector: readonly Expected[]
}>

/** A line of a test script of Prometheus, with the block that belongs to it. */
export type Command =
  | Readonly<{ type: 'clear' }>
  | Readonly<{ type: 'load'; series: readonly Loaded[] }>
  | Evaluation

/** Reads a test script of Prometheus. */
export function readScript(text: string): readonly Command[] {
  const lines = text.split('\n').map((line) => (line.trim().startsWith('#') ? '' : line.trim()))
  const commands: Command[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line === '') continue
    if (line === 'clear') {
      commands.push({ type: 'clear' })
      continue
    }
    const end = lines.indexOf('', at)
    const block = lines.slice(at + 1, end === -1 ? undefined : end)
    commands.push(line.startsWith('load ') ? load(line, block) : evaluation(line, block, at + 1))
    at += block.length
  }
  return commands
}

function load(line: string, block: readonly string[]): Command {
  const stepMs = durationMs(line.slice('load '.length))
  const series = block.map((text) => {
    const { labels, rest } = seriesLine(text)
    const samples = seriesValues(rest).flatMap((value, at) =>
      value === 'none' ? [] : [{ atMs: at * stepMs, value }],
    )
    return { labels, samples }
  })
  return { type: 'load', series }
}

function evaluation(text: string, block: readonly string[], line: number): Evaluation {
  const match = /^eval(_ordered|_fail)? instant at (\S+) (.+)$/.exec(text)
  if (match === null) throw new Error(`line ${line} is no command: ${text}`)
  const [, how, at = '', query = ''] = match
  const [first] = block
  const scalar = block.length === 1 && first !== undefined && /^\S+$/.test(first) ? oneValue(first) : null
  return {
    type: 'eval',
    line,
    query,
    atMs: durationMs(at),
    isOrdered: how === '_ordered',
    mustFail: how === '_fail',
    scalar,
    vector: scalar === null ? block.map(expected) : [],
  }
}

function expected(text: string): Expected {
  const { labels, rest } = seriesLine(text)
  return { labels, value: oneValue(rest) }
}

function oneValue(text: string): number {
  const [value, ...more] = seriesValues(text)
  if (typeof value !== 'number' || more.length > 0) throw new Error(`one value is expected, not ${text}`)
  return value
}

/** `name{label="value"} VALUES`. */
function seriesLine(text: string): Readonly<{ labels: Labels; rest: string }> {
  const name = /^[a-zA-Z_:][\w:]*/.exec(text)?.[0] ?? ''
  const hasBraces = text.slice(name.length).startsWith('{')
  if (!hasBraces) return { labels: labelsOf({ __name__: name }), rest: text.slice(name.length) }
  const { matchers, span } = selector(new Cursor(text.slice(name.length)), null)
  const pairs = Object.fromEntries(matchers.map((matcher) => [matcher.name, matcher.value]))
  const named = name === '' ? pairs : { ...pairs, __name__: name }
  return { labels: labelsOf(named), rest: text.slice(name.length + span.end) }
}

function durationMs(text: string): number {
  const read = parseDuration(text)
  if ('fault' in read) throw new Error(read.fault)
  return read.ms
}
