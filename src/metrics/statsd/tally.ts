import type { NameRule } from '../../config/metrics/wires.ts'
import { keyOf, noLabels } from '../labels.ts'
import type { Fault, Faults } from '../lines/fault.ts'
import { KeyTable } from '../lines/key-table.ts'
import { type Named, nameBy, type Sent } from '../lines/names.ts'
import { readNumber } from '../lines/number.ts'
import type { Outbox } from '../lines/outbox.ts'
import { type Held, memberOf, observe } from './held.ts'
import { type Bounds, describedAs, heldFor, sentIn } from './held-for.ts'
import { kinds, noParts, readParts } from './parts.ts'
import { sendHeld } from './send-held.ts'

export type TallyOptions = Readonly<{
  rules: readonly NameRule[]
  bounds: Bounds
  /** Newcomers beyond it are refused; each bound of a histogram is one. */
  seriesLimit: number
  /** Who is not heard of for so many flushes has ended. */
  idleFlushes: number
}>

const [plus, minus, colon] = [0x2b, 0x2d, 0x3a]
/** One metric may be spelled in several ways: its tags in another order. */
const spellings = 4
const keyBytesLimit = 64 * 1024 * 1024
/** Beyond it a set says that there are so many. */
const membersLimit = 100_000
const waitingLimit = 200_000
const refused = -1
/** In place of a metric: a rule says that it is dropped. */
const dropped = 0x7fff_ffff

/**
 * Counts what StatsD is told. Counters and histograms are running totals, as Prometheus has them, so that a flush that is
 * lost loses no count. A line of a metric that was heard before makes no object.
 */
export class Tally {
  readonly #options: TallyOptions
  readonly #outbox: Outbox
  readonly #faults: Faults
  readonly #nameOf: (sent: Sent) => Named | null
  readonly #parts = noParts()
  readonly #table = new KeyTable()
  readonly #held: (Held | undefined)[] = []
  readonly #free: number[] = []
  /** Metrics by the first of their series: two spellings of one are one. */
  readonly #known = new Map<string, number>()
  #series = 0
  #flushes = 0
  #flushedMs: number

  constructor(
    options: TallyOptions,
    { outbox, faults, nowMs }: Readonly<{ outbox: Outbox; faults: Faults; nowMs: number }>,
  ) {
    this.#options = options
    this.#outbox = outbox
    this.#faults = faults
    this.#nameOf = nameBy(options.rules)
    this.#flushedMs = nowMs
  }

  /** How many series are kept. */
  get series(): number {
    return this.#series
  }

  /** Counts one line. */
  take(bytes: Uint8Array, from: number, to: number): void {
    const fault = readParts(bytes, from, to, this.#parts) ?? this.#takeParts(bytes)
    if (fault !== null) this.#faults.add(fault, bytes, from, to)
  }

  /** Sets a gauge that came in words of its own, such as the status of a check. */
  setGauge({ name, tags }: Sent, value: number): Fault | null {
    const number = this.#numberFor(
      heldFor(kinds.gauge, { name, labels: tags, buckets: null }, this.#options.bounds),
    )
    if (typeof number === 'string') return number
    const held = this.#held[number]
    if (held === undefined) return null
    held.touched = this.#flushes
    held.cells[0] = value
    return null
  }

  #takeParts(bytes: Uint8Array): Fault | null {
    let number = this.#table.find(bytes, this.#parts)
    if (number === refused) {
      const begun = this.#begin(bytes)
      if (typeof begun === 'string') return begun
      number = begun
    }
    const held = this.#held[number]
    if (held === undefined) return null
    held.touched = this.#flushes
    const { valueFrom, valueTo } = this.#parts
    if (held.kind === 'set') {
      if (held.members.size < membersLimit) held.members.add(memberOf(bytes, valueFrom, valueTo))
      return null
    }
    return this.#takeValues(held, bytes)
  }

  /** All values of a line, or up to the first that is none. */
  #takeValues(held: Held, bytes: Uint8Array): Fault | null {
    const { valueFrom, valueTo } = this.#parts
    for (let from = valueFrom; from <= valueTo;) {
      let end = from
      while (end < valueTo && bytes[end] !== colon) end += 1
      const value = readNumber(bytes, from, end)
      if (Number.isNaN(value)) return 'number'
      const fault = this.#takeValue(held, value, bytes[from] === plus || bytes[from] === minus)
      if (fault !== null) return fault
      from = end + 1
    }
    return null
  }

  #takeValue(held: Held, value: number, isSigned: boolean): Fault | null {
    const { rate, atS } = this.#parts
    const { cells } = held
    switch (held.kind) {
      case 'counter':
        if (value < 0) return 'negative count'
        cells[0] = (cells[0] ?? 0) + value / rate
        return null
      case 'gauge': {
        if (!Number.isNaN(atS)) return this.#setAt(held, value, atS)
        const old = cells[0] ?? 0
        cells[0] = isSigned ? (Number.isNaN(old) ? 0 : old) + value : value
        return null
      }
      case 'histogram':
        observe(held, value / held.divisor, 1 / rate)
        return null
      case 'set':
        return null
    }
  }

  /** A gauge of a time that is said: it is of that time, and does not go on. */
  #setAt(held: Held, value: number, atS: number): Fault | null {
    if (this.#outbox.waiting >= waitingLimit) return 'too many samples'
    if (held.sent.length === 0) held.sent = held.series.map((labels) => this.#outbox.numberOf(labels))
    this.#outbox.add(held.sent[0] ?? 0, Math.round(atS * 1000), value)
    return null
  }

  /** Puts what is known by now into the outbox, and ends those that nobody speaks of any more. */
  flush(ms: number): void {
    const tableBefore = this.#known.size
    this.#held.forEach((held, number) => {
      if (held === undefined) return
      if (this.#flushes - held.touched >= this.#options.idleFlushes) this.#end(held, number, ms)
      else sendHeld(held, this.#outbox, { ms, beforeMs: this.#flushedMs })
    })
    if (this.#known.size < tableBefore || this.#isTableFull())
      this.#table.keep((number) => this.#held[number] !== undefined)
    this.#flushes += 1
    this.#flushedMs = ms
  }

  #end(held: Held, number: number, ms: number): void {
    for (const sent of held.sent) this.#outbox.end(sent, ms)
    this.#series -= held.series.length
    this.#known.delete(keyOf(held.series[0] ?? noLabels))
    this.#held[number] = undefined
    this.#free.push(number)
  }

  /** Begins with a metric, or finds it by another spelling. */
  #begin(bytes: Uint8Array): number | Fault {
    if (this.#isTableFull()) return 'too many series'
    const named = this.#nameOf(sentIn(bytes, this.#parts))
    if (named === null) {
      this.#table.add(bytes, this.#parts, dropped)
      return dropped
    }
    const number = this.#numberFor(heldFor(this.#parts.kind, named, this.#options.bounds))
    if (typeof number === 'number') this.#table.add(bytes, this.#parts, number)
    return number
  }

  /** The number of the metric that is there already, or of this one. */
  #numberFor(held: Held): number | Fault {
    const key = keyOf(held.series[0] ?? noLabels)
    const known = this.#known.get(key)
    if (known !== undefined) return this.#held[known]?.kind === held.kind ? known : 'another type'
    if (this.#series + held.series.length > this.#options.seriesLimit) return 'too many series'
    const number = this.#free.pop() ?? this.#held.length
    this.#held[number] = held
    this.#known.set(key, number)
    this.#series += held.series.length
    this.#outbox.describe(held.name, describedAs(held))
    return number
  }

  #isTableFull(): boolean {
    return this.#table.size >= this.#options.seriesLimit * spellings || this.#table.bytes >= keyBytesLimit
  }
}
