import { ByteReader } from '../codec/bytes.ts'
import { readTimes } from '../codec/times.ts'
import { readValues } from '../codec/values.ts'
import { cutPiece, firstNotBefore, type Piece } from '../cut.ts'
import type { Room } from '../arena.ts'
import type { Span } from '../window.ts'
import type { BlockIndex, TimeColumn } from './block-index.ts'
import { type Opening, SeriesFile } from './series-file.ts'
import { ofSamples } from './shape.ts'

/** From one time to another, both included; where only times are asked for, values are not unpacked and may be anything. */
export type Wanted = Span & Readonly<{ onlyTimes?: boolean }>

const columnsKept = 16

/** A block of samples that is open. */
export class Block {
  readonly #series: SeriesFile
  readonly #columns = new Map<number, Float64Array>()

  /** Throws a BrokenBlock when there is no block at the path. */
  constructor(path: string, opening: Opening) {
    this.#series = new SeriesFile(path, ofSamples, opening)
  }

  get index(): BlockIndex {
    return this.#series.index
  }

  /** The file that is open. */
  get file(): number {
    return this.#series.file
  }

  numbers(): Iterable<number> {
    return this.#series.numbers()
  }

  /** How many series it has. */
  get size(): number {
    return this.index.series.length
  }

  has(number: number): boolean {
    return this.placeOf(number) >= 0
  }

  /** Where a series lies among those of the block; -1 for one that is not there. */
  placeOf(number: number): number {
    return this.#series.placeOf(number)
  }

  /** The samples of a series that are sought; null when there are none. Throws a BrokenBlock. */
  read(number: number, { fromMs, toMs, onlyTimes = false }: Wanted, room: Room): Piece | null {
    const place = this.placeOf(number)
    if (place < 0) return null
    const { series } = this.index
    const times = this.timesOf(series.columnOf(place))
    const from = firstNotBefore(times, fromMs)
    const to = firstNotBefore(times, toMs + 1)
    if (from >= to) return null
    const values = room(times.length)
    if (!onlyTimes) this.unpack(place, values, 0)
    return cutPiece({ times, values, stale: series.staleOf(place) }, from, to)
  }

  /** The times of a column, which series that were sampled together have in common. Throws a BrokenBlock. */
  timesOf(column: number): Float64Array {
    return this.#columns.get(column) ?? this.#series.reading(() => this.#times(column))
  }

  /** Puts all values of the series that lies there into `into`, the first one at `at`. Throws a BrokenBlock. */
  unpack(place: number, into: Float64Array, at: number): void {
    this.#series.reading(() => {
      const { series } = this.index
      const offset = series.offsetOf(place)
      const bytes = this.#series.part(series.partOf(place))
      const from = new ByteReader(bytes, offset, offset + series.lengthOf(place))
      readValues(from, into, at, this.#column(series.columnOf(place)).count)
    })
  }

  close(): void {
    this.#series.close()
  }

  /** They are mostly asked one after the other. */
  #times(number: number): Float64Array {
    const column = this.#column(number)
    const times = new Float64Array(column.count)
    readTimes(new ByteReader(this.#series.part(column.part), column.offset), times)
    const [oldest] = this.#columns.keys()
    if (this.#columns.size >= columnsKept && oldest !== undefined) this.#columns.delete(oldest)
    this.#columns.set(number, times)
    return times
  }

  #column(number: number): TimeColumn {
    const column = this.index.columns[number]
    if (column === undefined) throw new RangeError(`a column of times that is not there: ${number}`)
    return column
  }
}
