import type { NameRule } from '../../config/metrics/wires.ts'
import { labelsNamed, type Named, nameBy, type Sent, splitName } from '../lines/names.ts'
import type { Fault, Faults } from '../lines/fault.ts'
import { type Key, KeyTable } from '../lines/key-table.ts'
import { readNumber } from '../lines/number.ts'
import type { Outbox } from '../lines/outbox.ts'

export type PointsOptions = Readonly<{
  rules: readonly NameRule[]
  seriesLimit: number
  /** A path that was not heard of for so many flushes is forgotten; its samples stay. */
  idleFlushes: number
}>

const [space, tab] = [0x20, 0x09]
const keyBytesLimit = 64 * 1024 * 1024
const waitingLimit = 500_000
const unknown = -1
const dropped = 0x7fff_ffff

/** Takes points as Graphite's plain text says them: a path, a value and a time. */
export class Points {
  readonly #options: PointsOptions
  readonly #outbox: Outbox
  readonly #faults: Faults
  readonly #now: () => number
  readonly #nameOf: (sent: Sent) => Named | null
  readonly #table = new KeyTable()
  readonly #key: Key = { from: 0, to: 0, kind: 0, tagsFrom: 0, tagsTo: 0 }
  /** The flush before which each number was last heard of. */
  readonly #touched: number[] = []
  #flushes = 0

  constructor(
    options: PointsOptions,
    { outbox, faults, now }: Readonly<{ outbox: Outbox; faults: Faults; now: () => number }>,
  ) {
    this.#options = options
    this.#outbox = outbox
    this.#faults = faults
    this.#now = now
    this.#nameOf = nameBy(options.rules)
  }

  get series(): number {
    return this.#touched.reduce((count, flush) => (flush === unknown ? count : count + 1), 0)
  }

  /** Takes `path value time`; a time of -1, or none, is now. */
  take(bytes: Uint8Array, from: number, to: number): void {
    const fault = this.#take(bytes, from, to)
    if (fault !== null) this.#faults.add(fault, bytes, from, to)
  }

  #take(bytes: Uint8Array, from: number, to: number): Fault | null {
    const pathTo = wordEnd(bytes, from, to)
    const valueFrom = wordBegin(bytes, pathTo, to)
    const valueTo = wordEnd(bytes, valueFrom, to)
    const timeFrom = wordBegin(bytes, valueTo, to)
    const timeTo = wordEnd(bytes, timeFrom, to)
    if (pathTo === from || valueTo === valueFrom || wordBegin(bytes, timeTo, to) < to) return 'shape'
    const value = readNumber(bytes, valueFrom, valueTo)
    if (Number.isNaN(value)) return 'number'
    const ms = timeTo === timeFrom ? this.#now() : this.#timeIn(bytes, timeFrom, timeTo)
    if (ms === null) return 'time'
    if (this.#outbox.waiting >= waitingLimit) return 'too many samples'
    this.#key.from = from
    this.#key.to = pathTo
    const found = this.#table.find(bytes, this.#key)
    const number = found === unknown ? this.#begin(bytes) : found
    if (typeof number === 'string') return number
    if (number === dropped) return null
    this.#touched[number] = this.#flushes
    this.#outbox.add(number, ms, value)
    return null
  }

  #timeIn(bytes: Uint8Array, from: number, to: number): number | null {
    const seconds = readNumber(bytes, from, to)
    if (seconds === -1) return this.#now()
    return seconds > 0 ? Math.round(seconds * 1000) : null
  }

  #begin(bytes: Uint8Array): number | Fault {
    const { seriesLimit } = this.#options
    if (this.#table.size >= seriesLimit || this.#table.bytes >= keyBytesLimit) return 'too many series'
    const { from, to } = this.#key
    const named = this.#nameOf(splitName(Buffer.from(bytes.subarray(from, to)).toString('utf8')))
    const number = named === null ? dropped : this.#outbox.numberOf(labelsNamed(named.name, named.labels))
    this.#table.add(bytes, this.#key, number)
    return number
  }

  /** Called when what waits is about to be taken: forgets whom nobody speaks of any more. */
  flush(): void {
    let isAnyGone = false
    this.#touched.forEach((flush, number) => {
      if (flush === unknown || this.#flushes - flush < this.#options.idleFlushes) return
      this.#outbox.forget(number)
      this.#touched[number] = unknown
      isAnyGone = true
    })
    if (isAnyGone || this.#table.size >= this.#options.seriesLimit)
      this.#table.keep((number) => (this.#touched[number] ?? unknown) !== unknown)
    this.#flushes += 1
  }
}

const isBlank = (byte: number | undefined): boolean => byte === space || byte === tab

function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && !isBlank(bytes[at])) at += 1
  return at
}

function wordBegin(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && isBlank(bytes[at])) at += 1
  return at
}
