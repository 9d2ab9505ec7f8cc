import { Unreadable } from '../unreadable.ts'

/** From where to where all is well; an end that is null is open. `isInside`: it is the other way round. */
export type Range = Readonly<{ from: number | null; to: number | null; isInside: boolean }>

export type Unit = 'seconds' | 'bytes' | 'ratio' | 'counter' | ''

/** One number of a plugin of Nagios, in base units. */
export type Perfdatum = Readonly<{
  label: string
  /** Null where the plugin says that it does not know. */
  value: number | null
  unit: Unit
  warn: Range | null
  crit: Range | null
  min: number | null
  max: number | null
}>

const item = /\s*(?:'((?:[^']|'')*)'|([^\s'=]+))=(\S*)/y
const quantity = /^([+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?|U)([a-zA-Zµ%]*)$/

/** What a unit counts, and how many of the base unit one is. */
const units: Readonly<Record<string, readonly [Unit, number]>> = {
  '': ['', 1],
  s: ['seconds', 1],
  ms: ['seconds', 1e-3],
  us: ['seconds', 1e-6],
  '%': ['ratio', 0.01],
  b: ['bytes', 1],
  kb: ['bytes', 2 ** 10],
  mb: ['bytes', 2 ** 20],
  gb: ['bytes', 2 ** 30],
  tb: ['bytes', 2 ** 40],
  pb: ['bytes', 2 ** 50],
  c: ['counter', 1],
}

/**
 * The numbers in what a plugin printed (text, `|`, numbers; then more text, `|` and more numbers), or in the numbers alone.
 * Throws Unreadable for numbers that are none.
 */
export function readPerfdata(output: string): readonly Perfdatum[] {
  const text = output.includes('|') ? behindBars(output) : output.includes('=') ? output : ''
  const found: Perfdatum[] = []
  let at = 0
  while (text.slice(at).trim() !== '') {
    item.lastIndex = at
    const match = item.exec(text)
    if (match === null)
      throw new Unreadable(
        `expected 'label'=value, found ${JSON.stringify(text.slice(at).trim().slice(0, 40))}`,
      )
    at = item.lastIndex
    const [, quoted, bare = '', numbers = ''] = match
    found.push(readItem(quoted === undefined ? bare : quoted.replaceAll("''", "'"), numbers))
  }
  return found
}

function behindBars(output: string): string {
  const [first = '', ...more] = output.split('\n')
  const long = more.join('\n')
  const bar = long.indexOf('|')
  return `${first.slice(indexBehind(first))} ${bar === -1 ? '' : long.slice(bar + 1)}`
}

function indexBehind(line: string): number {
  const bar = line.indexOf('|')
  return bar === -1 ? line.length : bar + 1
}

function readItem(label: string, numbers: string): Perfdatum {
  const [value = '', warn = '', crit = '', min = '', max = ''] = numbers.split(';')
  const match = quantity.exec(value)
  const [unit, factor] = units[match?.[2]?.toLowerCase() ?? ''] ?? ['', 1]
  if (match === null)
    throw new Unreadable(
      `${label}: expected a number and its unit, found ${JSON.stringify(value.slice(0, 40))}`,
    )
  const scaled = (text: string): number | null => {
    const number = numberIn(text.replace(match[2] ?? '', ''), label)
    // To divide by what is a whole number is exact more often.
    return number === null ? null : factor < 1 ? number / Math.round(1 / factor) : number * factor
  }
  return {
    label,
    value: match[1] === 'U' ? null : scaled(match[1] ?? ''),
    unit,
    warn: rangeIn(warn, scaled),
    crit: rangeIn(crit, scaled),
    min: scaled(min),
    max: scaled(max),
  }
}

function rangeIn(text: string, scaled: (text: string) => number | null): Range | null {
  if (text === '') return null
  const isInside = text.startsWith('@')
  const [first = '', second] = (isInside ? text.slice(1) : text).split(':')
  if (second === undefined) return { from: 0, to: scaled(first), isInside }
  return { from: first === '~' ? null : (scaled(first) ?? 0), to: scaled(second), isInside }
}

function numberIn(text: string, label: string): number | null {
  if (text === '') return null
  const value = Number(text.replace(',', '.'))
  if (Number.isNaN(value))
    throw new Unreadable(`${label}: expected a number, found ${JSON.stringify(text.slice(0, 40))}`)
  return value
}
