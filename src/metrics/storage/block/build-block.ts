import type { Run } from '../../source.ts'
import { Arena } from '../arena.ts'
import { ByteWriter } from '../codec/bytes.ts'
import { writeTimes } from '../codec/times.ts'
import { writeValues } from '../codec/values.ts'
import { type TimeColumn, type WrittenIndex, writeIndex } from './block-index.ts'
import { packPart, type Place } from './parts.ts'

import { isSame } from '../cut.ts'

export const blockMagic = Buffer.from('TANDEM-B')
/** Version, then where the index begins and how long it is; then the magic again. */
export const footerBytes = 4 + 8 + 8 + 8
export const blockVersion = 1

/** So many series are squeezed together: more learn more from each other, and cost more to read one. */
const seriesInPart = 64
const columnsInPart = 64

export type WrittenBlock = Readonly<{ samples: number; series: number; bytes: number }>

/** Puts a block together, part by part; what is ready can be written and forgotten. */
export class BlockBuilder {
  readonly #series: WrittenIndex['series'][number][] = []
  readonly #columns: TimeColumn[] = []
  /** Columns by their bytes. */
  readonly #known = new Map<string, number>()
  readonly #places: Place[] = []
  #ready: Buffer[] = []
  #offset = blockMagic.length
  #values = new ByteWriter(64 * 1024)
  #waiting: Omit<WrittenIndex['series'][number], 'part'>[] = []
  #columnBytes: Uint8Array[] = []
  #span = { fromMs: Infinity, toMs: -Infinity }
  #samples = 0
  readonly #arena = new Arena(1024)
  readonly #one = new ByteWriter(1024)
  #last: Readonly<{ times: Float64Array; column: number }> | null = null

  add({ labels, times, values, stale }: Run): void {
    if (times.length === 0) return
    if (this.#last === null || !isSame(times, this.#last.times))
      this.#last = { times: times.slice(), column: this.#columnOf(times) }
    const { column } = this.#last
    const offset = this.#values.length
    this.#arena.clear()
    writeValues(values, this.#values, this.#arena.room)
    this.#waiting.push({ labels, column, offset, length: this.#values.length - offset, stale })
    this.#samples += times.length
    this.#span = {
      fromMs: Math.min(this.#span.fromMs, times[0] ?? 0),
      toMs: Math.max(this.#span.toMs, times.at(-1) ?? 0),
    }
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
    const rest = [...this.takeParts(), packed, footer({ offset: at, length: packed.length })]
    return {
      rest,
      samples: this.#samples,
      series: this.#series.length,
      bytes: at + packed.length + footerBytes,
    }
  }

  #columnOf(times: Float64Array): number {
    this.#one.clear()
    writeTimes(times, this.#one)
    const bytes = this.#one.bytes().slice()
    const key = `${times.length} ${Buffer.from(bytes).toString('latin1')}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const number = this.#columns.length
    this.#known.set(key, number)
    this.#columns.push({ part: 0, offset: 0, count: times.length })
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
}

function footer({ offset, length }: Place): Buffer {
  const bytes = Buffer.alloc(footerBytes)
  bytes.writeUInt32LE(blockVersion, 0)
  bytes.writeDoubleLE(offset, 4)
  bytes.writeDoubleLE(length, 12)
  blockMagic.copy(bytes, 20)
  return bytes
}
