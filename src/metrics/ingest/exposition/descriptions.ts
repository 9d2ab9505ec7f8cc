import type { Described, Intake } from '../../intake.ts'
import { Unreadable } from '../unreadable.ts'
import { unescaped } from './series-line.ts'

const line = /^#[ \t]+(HELP|TYPE|UNIT)[ \t]+(?:"((?:[^"\\]|\\.)*)"|(\S+))(?:[ \t]+(.*?))?[ \t\r]*$/s
const mostMetrics = 20_000
const longestText = 4_096

/** What the same type is called in both formats. */
const types: Readonly<Record<string, Described['type']>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  summary: 'summary',
  untyped: 'unknown',
  unknown: 'unknown',
  gaugehistogram: 'gaugehistogram',
  stateset: 'stateset',
  info: 'info',
}

const undescribed: Described = { type: 'unknown', help: '', unit: '' }

/** What comments say of metrics: type, help and unit come on lines of their own, and are told together. */
export class Descriptions {
  readonly #intake: Intake
  readonly #known = new Map<string, Described>()
  readonly #fresh = new Set<string>()

  constructor(intake: Intake) {
    this.#intake = intake
  }

  /** Heeds a comment; those that describe nothing are free. Throws Unreadable. */
  heed(comment: string): void {
    const match = line.exec(comment)
    if (match === null) return
    const [, word = '', inQuotes, bare = '', text = ''] = match
    const metric = inQuotes === undefined ? bare : unescaped(inQuotes)
    const said = this.#known.get(metric) ?? undescribed
    if (!this.#known.has(metric) && this.#known.size >= mostMetrics) return
    this.#known.set(metric, { ...said, ...saidBy(word, text) })
    this.#fresh.add(metric)
  }

  /** Tells what was new since the last time. */
  tell(): void {
    for (const metric of this.#fresh) this.#intake.describe(metric, this.#known.get(metric) ?? undescribed)
    this.#fresh.clear()
  }

  clear(): void {
    this.#known.clear()
    this.#fresh.clear()
  }
}

function saidBy(word: string, text: string): Partial<Described> {
  if (word === 'HELP') return { help: unescaped(text).slice(0, longestText) }
  if (word === 'UNIT') return { unit: text.slice(0, longestText) }
  const type = Object.hasOwn(types, text) ? types[text] : undefined
  if (type !== undefined) return { type }
  const known = Object.keys(types).join(', ')
  throw new Unreadable(`expected a type (${known}), found ${JSON.stringify(text.slice(0, 40))}`)
}
