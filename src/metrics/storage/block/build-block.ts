import type { Labels } from '../../labels.ts'
import { Arena } from '../arena.ts'
import { ByteWriter } from '../codec/bytes.ts'
import { isSame } from '../cut.ts'
import { type TimeColumn, type WrittenIndex, writeIndex } from './block-index.ts'
import { packPart, type Place } from './parts.ts'
import type { Shape } from './shape.ts'

/** Version, then where the index begins and how long it is; then the magic again. */
export const footerBytes = 4 + 8 + 8 + 8

/** So many series are squeezed together: more learn more from each other, and cost more to read one. */
const seriesInPart = 64
const columnsInPart = 64

export type WrittenBlock = Readonly<{ samples: number; series: number; bytes: number }>

/** Puts a block together, part by part; what is ready can be written and forgotten. */
export class BlockBuilder<One extends Readonly<{ labels: Labels }>> {
  readonly #shape: Shape<One>
  readonly #series: WrittenIndex['series'][number][] = []
  readonly #columns: TimeColumn[] = []
  /** Columns by their bytes. */
  readonly #known = new Map<string, number>()
  readonly #places: Place[] = []
  #ready: Buffer[] = []
  #offset: number
  #values = new ByteWriter(64 * 1024)
  #waiting: Omit<WrittenIndex['series'][number], 'part'>[] = []
  #columnBytes: Uint8Array[] = []
  #span = { fromMs: Infinity, toMs: -Infinity }
  #samples = 0
  readonly #arena = new Arena(1024)
  readonly #one = new ByteWriter(1024)
  #last: Readonly<{ times: readonly Float64Array[]; column: number }> | null = null

  constructor(shape: Shape<One>) {
    this.#shape = shape
    this.#offset = shape.magic.length
  }

  add(one: One): void {
    const { samples, places, isEmpty, times, stale, fromMs, toMs } = this.#shape.of(one)
    if (isEmpty) return
    if (this.#last === null || !areSame(times, this.#last.times))
      this.#last = { times: times.map((list) => list.slice()), column: this.#columnOf(one, places) }
    const { column } = this.#last
    const offset = this.#values.length
    this.#arena.clear()
    this.#shape.writeValues(one, this.#values, this.#arena.room)
    this.#waiting.push({ labels: one.labels, column, offset, length: this.#values.length - offset, stale })
    this.#samples += samples
    this.#span = { fromMs: Math.min(this.#span.fromMs, fromMs), toMs: Math.max(this.#span.toMs, toMs) }
    if (this.#waiting.length === seriesInPart) this.#endPart()
  }

  takeParts(): readonly Buffer[] {
    const ready = this.#ready
    this.#ready = []
    return ready
  }

  end(): WrittenBlock & Readonly<{ rest: readonly Buffer[] }> {
    this.#endPart()
    const columns = this.#endColumns()
    const at = this.#offset
    const span = this.#samples === 0 ? { fromMs: 0, toMs: 0 } : this.#span
    const index = { ...span, samples: this.#samples, parts: this.#places, columns, series: this.#series }
    const packed = packPart(writeIndex(index))
    const rest = [...this.takeParts(), packed, this.#footer({ offset: at, length: packed.length })]
    return {
      rest,
      samples: this.#samples,
      series: this.#series.length,
      bytes: at + packed.length + footerBytes,
    }
  }

  #columnOf(one: One, places: number): number {
    this.#one.clear()
    this.#shape.writeTimes(one, this.#one)
    const bytes = this.#one.bytes().slice()
    const key = `${places} ${Buffer.from(bytes).toString('latin1')}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const number = this.#columns.length
    this.#known.set(key, number)
    this.#columns.push({ part: 0, offset: 0, count: places })
    this.#columnBytes.push(bytes)
    return number
  }

  #endPart(): void {
    const part = this.#places.length
    if (this.#waiting.length === 0) return
    for (const series of this.#waiting) this.#series.push({ ...series, part })
    this.#pack(this.#values.bytes())
    this.#waiting = []
    this.#values.clear()
  }

  /** Columns are known when the last series has come; they go behind all values. */
  #endColumns(): readonly TimeColumn[] {
    const columns: TimeColumn[] = []
    for (let first = 0; first < this.#columns.length; first += columnsInPart) {
      const part = this.#places.length
      const together = this.#columnBytes.slice(first, first + columnsInPart)
      let offset = 0
      for (const [nth, bytes] of together.entries()) {
        columns.push({ part, offset, count: this.#columns[first + nth]?.count ?? 0 })
        offset += bytes.length
      }
      this.#pack(Buffer.concat(together))
    }
    return columns
  }

  #pack(bytes: Uint8Array): void {
    const packed = packPart(bytes)
    this.#places.push({ offset: this.#offset, length: packed.length })
    this.#offset += packed.length
    this.#ready.push(packed)
  }

  #footer({ offset, length }: Place): Buffer {
    const bytes = Buffer.alloc(footerBytes)
    bytes.writeUInt32LE(this.#shape.version, 0)
    bytes.writeDoubleLE(offset, 4)
    bytes.writeDoubleLE(length, 12)
    this.#shape.magic.copy(bytes, 20)
    return bytes
  }
}

function areSame(some: readonly Float64Array[], others: readonly Float64Array[]): boolean {
  return some.every((times, nth) => {
    const other = others[nth]
    return other !== undefined && isSame(times, other)
  })
}
