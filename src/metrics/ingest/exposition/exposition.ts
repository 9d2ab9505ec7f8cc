import type { Intake } from '../../intake.ts'
import type { Labels } from '../../labels.ts'
import { type Filling, noSamples, takeAll } from '../fill.ts'
import { joinLabels } from '../join-labels.ts'
import type { LabelLimits } from '../label-limits.ts'
import type { TakenCount } from '../../metrics-side.ts'
import { SeriesMemo } from '../series-memo.ts'
import { Unreadable } from '../unreadable.ts'
import { Descriptions } from './descriptions.ts'
import { isEnd, numberAt, type NumberSeen } from './number-at.ts'
import { readSeries } from './series-line.ts'

/** The text format of Prometheus (0.0.4), or OpenMetrics (1.0.0). */
export type Format = 'text' | 'openmetrics'

/** The format of a content type; what says nothing else is text. */
export function formatOf(contentType: string): Format {
  return /^\s*application\/openmetrics-text\b/i.test(contentType) ? 'openmetrics' : 'text'
}

export type ExpositionOptions = Readonly<{
  /** What is known of whoever is read. */
  labels: Labels
  /** Whether its own labels win over those. */
  honorLabels: boolean
  /** Whether times that it says are kept. */
  honorTimestamps: boolean
  limits: LabelLimits & Readonly<{ samples: number }>
}>

/** What one body was. `seen`: the series of samples without a time of their own, as numbers of `era`. */
export type Exposed = TakenCount & Readonly<{ seen: readonly number[]; era: number }>

/** What a place of the memo stands for when it is no series. */
const comment = -1
const eof = -2

/**
 * Reads what one target exposes, again and again. A line that was there before is known by its bytes, so that only its
 * value is read. Either all of a body is taken, or nothing: Unreadable then says which line, and what was expected there.
 */
export class Exposition {
  readonly #intake: Intake
  readonly #options: ExpositionOptions
  readonly #memo = new SeriesMemo()
  readonly #descriptions: Descriptions
  readonly #number: NumberSeen = { value: 0, end: 0 }
  #era: number

  constructor(intake: Intake, options: ExpositionOptions) {
    this.#intake = intake
    this.#options = options
    this.#descriptions = new Descriptions(intake)
    this.#era = intake.era()
  }

  read(body: Uint8Array, { format, atMs }: Readonly<{ format: Format; atMs: number }>): Exposed {
    if (this.#era !== this.#intake.era()) this.#forget()
    this.#memo.begin(body)
    const page: Page = { body, format, atMs, columns: noSamples(), seen: [], at: 0, line: 1, isClosed: false }
    try {
      this.#readLines(page)
    } catch (thrown) {
      if (!(thrown instanceof Unreadable)) throw thrown
      throw new Unreadable(`line ${page.line}: ${thrown.message}`, { cause: thrown })
    } finally {
      this.#memo.end()
    }
    const { columns, seen } = page
    const receipt = takeAll(this.#intake, columns)
    this.#descriptions.tell()
    // What keeps altering is not worth being remembered.
    if (this.#memo.size > 2 * page.line + 1_000) this.#forget()
    return { ...receipt, seen, era: this.#era }
  }

  #forget(): void {
    this.#memo.clear()
    this.#descriptions.clear()
    this.#era = this.#intake.era()
  }

  #readLines(page: Page): void {
    const { body, format } = page
    for (; ; page.line += 1, page.at += 1) {
      while (isBlank(body[page.at])) page.at += 1
      if (page.at >= body.length) break
      if (body[page.at] === newline) continue
      if (page.isClosed) throw new Unreadable('expected nothing behind "# EOF"')
      this.#readLine(page)
    }
    if (format === 'openmetrics' && !page.isClosed)
      throw new Unreadable('expected "# EOF" at the end: the body was cut off, or is not OpenMetrics')
  }

  /** Reads one line, up to its end. */
  #readLine(page: Page): void {
    const { body } = page
    let place = this.#memo.expected(page.at, body.length)
    // What only begins like a known line is another.
    if (place === -1 || !endsWell(body, page.at + this.#memo.lengthOf(place), this.#memo.meaningOf(place)))
      place = this.#learn(page)
    this.#memo.met(place)
    page.at += this.#memo.lengthOf(place)
    const meaning = this.#memo.meaningOf(place)
    if (meaning === eof) page.isClosed = page.format === 'openmetrics'
    if (meaning >= 0) this.#readSample(page, meaning)
  }

  /** The place of a line that did not come where it was expected, known or not. */
  #learn({ body, at }: Page): number {
    const isComment = body[at] === 0x23
    const end = isComment ? lineEnd(body, at) : nameEnd(body, at)
    const known = this.#memo.find(at, end)
    if (known !== -1) return known
    const text = textOf(body, at, end)
    if (!isComment) return this.#memo.put(at, end, this.#numberOf(text))
    this.#descriptions.heed(text)
    return this.#memo.put(at, end, /^# EOF\s*$/.test(text) ? eof : comment)
  }

  #numberOf(text: string): number {
    const { labels, honorLabels, limits } = this.#options
    return this.#intake.numberOf(joinLabels(readSeries(text, limits), labels, honorLabels))
  }

  #readSample(page: Page, series: number): void {
    const { body, columns, atMs } = page
    const { honorTimestamps, limits } = this.#options
    if (columns.series.length >= limits.samples)
      throw new Unreadable(`more than ${limits.samples} samples, and no more are allowed`)
    this.#readNumber(page, 'a value')
    columns.series.push(series)
    columns.values.push(this.#number.value)
    while (isBlank(body[page.at])) page.at += 1
    const ownMs = isLineEnd(body[page.at]) ? null : this.#readTime(page)
    const isOurs = ownMs === null || !honorTimestamps
    columns.times.push(isOurs ? atMs : ownMs)
    if (isOurs) page.seen.push(series)
  }

  #readNumber(page: Page, what: string): void {
    while (isBlank(page.body[page.at])) page.at += 1
    if (!numberAt(page.body, page.at, this.#number)) throw expected(page, what)
    page.at = this.#number.end
  }

  /** The time behind a value; null when only an example stands there. */
  #readTime(page: Page): number | null {
    const { body, format } = page
    const isOpen = format === 'openmetrics'
    let ms: number | null = null
    if (!isOpen || body[page.at] !== 0x23) {
      this.#readNumber(page, 'a time, or the end of the line')
      ms = isOpen ? Math.round(1000 * this.#number.value) : this.#number.value
      if (!Number.isSafeInteger(ms)) throw new Unreadable(`${this.#number.value} is no time`)
      while (isBlank(body[page.at])) page.at += 1
    }
    // Examples of what was counted are not kept.
    if (isOpen && body[page.at] === 0x23) page.at = lineEnd(body, page.at)
    if (!isLineEnd(body[page.at])) throw expected(page, 'the end of the line')
    return ms
  }
}

/** A body while it is being read. */
type Page = {
  readonly body: Uint8Array
  readonly format: Format
  readonly atMs: number
  readonly columns: Filling
  readonly seen: number[]
  at: number
  line: number
  isClosed: boolean
}

const newline = 0x0a

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === newline || byte === undefined
}

/** Whether a known line really ends where it ended before: labels with their brace, a bare name before a blank. */
function endsWell(body: Uint8Array, at: number, meaning: number): boolean {
  if (meaning < 0) return isLineEnd(body[at])
  return isEnd(body, at) || body[at - 1] === 0x7d
}

function lineEnd(body: Uint8Array, from: number): number {
  const at = body.indexOf(newline, from)
  return at === -1 ? body.length : at
}

/** Where the value begins, or the blanks before it: behind the brace of the labels, or behind the bare name. */
function nameEnd(body: Uint8Array, from: number): number {
  let at = from
  while (!isEnd(body, at) && body[at] !== 0x7b) at += 1
  let brace = at
  while (isBlank(body[brace])) brace += 1
  if (body[brace] !== 0x7b) return at
  let isQuoted = false
  for (at = brace; !isLineEnd(body[at]); at += 1) {
    const byte = body[at]
    if (byte === 0x22) isQuoted = !isQuoted
    else if (byte === 0x5c && isQuoted) at += 1
    else if (byte === 0x7d && !isQuoted) return at + 1
  }
  return Math.min(at, body.length)
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(body: Uint8Array, from: number, to: number): string {
  try {
    return decoder.decode(body.subarray(from, to))
  } catch (cause) {
    throw new Unreadable('it is not UTF-8', { cause })
  }
}

function expected({ body, at }: Page, what: string): Unreadable {
  const found = Buffer.from(body.subarray(at, Math.min(lineEnd(body, at), at + 20))).toString('latin1')
  return new Unreadable(`expected ${what}, found ${found === '' ? 'nothing' : JSON.stringify(found)}`)
}
