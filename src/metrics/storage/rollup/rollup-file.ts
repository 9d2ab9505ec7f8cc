import type { Labels } from '../../labels.ts'
import { type Opening, SeriesFile } from '../block/series-file.ts'
import type { Shape } from '../block/shape.ts'
import { ByteReader } from '../codec/bytes.ts'
import { readRolled, readStretchTimes, type StretchTimes, writeRolled, writeStretchTimes } from './columns.ts'
import type { Rolled } from './summarize.ts'

/** What was summed up of one series. */
export type RolledRun = Rolled & Readonly<{ labels: Labels }>

/** Files of summaries: docs/formats/metrics-rollup.md. */
export const ofRollups: Shape<RolledRun> = {
  magic: Buffer.from('TANDEM-R'),
  version: 1,
  of: ({ columns: { firstTimes, lastTimes, counts }, ends }) => ({
    samples: counts.reduce((sum, count) => sum + count, 0),
    places: counts.length,
    isEmpty: counts.length === 0 && ends.length === 0,
    times: [firstTimes, lastTimes, counts],
    stale: null,
    fromMs: Math.min(firstTimes[0] ?? Infinity, ends[0] ?? Infinity),
    toMs: Math.max(lastTimes.at(-1) ?? -Infinity, ends.at(-1) ?? -Infinity),
  }),
  writeTimes: ({ columns }, into) => writeStretchTimes(columns, into),
  writeValues: (rolled, into, room) => writeRolled(rolled, into, room),
}

const columnsKept = 16

/** A file of summaries that is open. */
export class RollupFile {
  readonly #series: SeriesFile
  readonly #times = new Map<number, StretchTimes>()

  /** Throws a BrokenBlock when there is none at the path. */
  constructor(path: string, opening: Opening) {
    this.#series = new SeriesFile(path, ofRollups, opening)
  }

  /** The file that is open. */
  get file(): number {
    return this.#series.file
  }

  /** How many series it has. */
  get size(): number {
    return this.#series.index.series.length
  }

  numbers(): Iterable<number> {
    return this.#series.numbers()
  }

  /** Where a series lies among those of the file; -1 for one that is not there. */
  placeOf(number: number): number {
    return this.#series.placeOf(number)
  }

  /** What was summed up of a series; null when nothing was. Throws a BrokenBlock. */
  read(number: number): Rolled | null {
    const place = this.placeOf(number)
    if (place < 0) return null
    return this.#series.reading(() => {
      const { series } = this.#series.index
      const offset = series.offsetOf(place)
      const bytes = this.#series.part(series.partOf(place))
      const from = new ByteReader(bytes, offset, offset + series.lengthOf(place))
      return readRolled(from, this.#timesOf(series.columnOf(place)))
    })
  }

  close(): void {
    this.#series.close()
  }

  /** Series that were sampled together have their times in common, and are mostly asked one after the other. */
  #timesOf(number: number): StretchTimes {
    const known = this.#times.get(number)
    if (known !== undefined) return known
    const column = this.#series.index.columns[number]
    if (column === undefined) throw new RangeError(`a column of times that is not there: ${number}`)
    const times = readStretchTimes(
      new ByteReader(this.#series.part(column.part), column.offset),
      column.count,
    )
    const [oldest] = this.#times.keys()
    if (this.#times.size >= columnsKept && oldest !== undefined) this.#times.delete(oldest)
    this.#times.set(number, times)
    return times
  }
}
