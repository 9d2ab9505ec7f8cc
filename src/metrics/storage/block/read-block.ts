import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Labels } from '../../labels.ts'
import { ByteReader } from '../codec/bytes.ts'
import { readTimes } from '../codec/times.ts'
import { readValues } from '../codec/values.ts'
import { cutPiece, firstNotBefore, type Piece } from '../cut.ts'
import type { Room } from '../arena.ts'
import type { Span } from '../window.ts'
import { type BlockIndex, readIndex } from './block-index.ts'
import type { PartCache } from './part-cache.ts'
import { Places } from './places.ts'
import { openPart, type Place } from './parts.ts'
import { blockMagic, blockVersion, footerBytes } from './build-block.ts'

/** A file that is no block, or not any more: what is wrong with it. */
export class BrokenBlock extends Error {
  constructor(path: string, why: string, options?: ErrorOptions) {
    super(`${path} cannot be read: ${why}`, options)
    this.name = 'BrokenBlock'
  }
}

/** From one time to another, both included; where only times are asked for, values are not unpacked and may be anything. */
export type Wanted = Span & Readonly<{ onlyTimes?: boolean }>

const columnsKept = 16

/** A block that is open. Where its series are is in memory; samples are read when they are asked for. */
export class Block {
  readonly path: string
  readonly index: BlockIndex
  /** The file that is open. */
  readonly file: number
  readonly #cache: PartCache
  readonly #columns = new Map<number, Float64Array>()
  /** The place of each series in the index, by the number that all blocks and the memory have in common. */
  readonly #places: Places

  /** `numberOf` gives a series that is not known a number. Throws a BrokenBlock when there is no block at the path. */
  constructor(path: string, cache: PartCache, numberOf: (labels: Labels) => number) {
    this.path = path
    this.#cache = cache
    this.file = openSync(path, 'r')
    try {
      const numbers: number[] = []
      this.index = readWhole(this.file, (labels) => numbers.push(numberOf(labels)))
      this.#places = new Places(Int32Array.from(numbers))
    } catch (thrown) {
      closeSync(this.file)
      throw broken(path, thrown)
    }
  }

  numbers(): Iterable<number> {
    return this.#places.numbers()
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
    return this.#places.of(number)
  }

  /** The samples of a series that are sought; null when there are none. Throws a BrokenBlock. */
  read(number: number, { fromMs, toMs, onlyTimes = false }: Wanted, room: Room): Piece | null {
    const place = this.placeOf(number)
    if (place < 0) return null
    try {
      const { column, part, offset, length, stale } = this.index.series.at(place)
      const times = this.#times(column)
      const from = firstNotBefore(times, fromMs)
      const to = firstNotBefore(times, toMs + 1)
      if (from >= to) return null
      const values = room(times.length)
      if (!onlyTimes) readValues(new ByteReader(this.#part(part), offset, offset + length), values)
      return cutPiece({ times, values, stale }, from, to)
    } catch (thrown) {
      throw broken(this.path, thrown)
    }
  }

  close(): void {
    closeSync(this.file)
  }

  /** Series that were sampled together have their times in common, and are mostly asked one after the other. */
  #times(number: number): Float64Array {
    const known = this.#columns.get(number)
    if (known !== undefined) return known
    const column = this.index.columns[number]
    if (column === undefined) throw new RangeError(`a column of times that is not there: ${number}`)
    const times = new Float64Array(column.count)
    readTimes(new ByteReader(this.#part(column.part), column.offset), times)
    const [oldest] = this.#columns.keys()
    if (this.#columns.size >= columnsKept && oldest !== undefined) this.#columns.delete(oldest)
    this.#columns.set(number, times)
    return times
  }

  #part(number: number): Buffer {
    return this.#cache.take(`${this.path} ${number}`, () => {
      const place = this.index.parts[number]
      if (place === undefined) throw new RangeError(`a part that is not there: ${number}`)
      return openPart(readPlace(this.file, place))
    })
  }
}

function readWhole(file: number, heed: (labels: Labels) => void): BlockIndex {
  const { size } = fstatSync(file)
  if (size < blockMagic.length + footerBytes) throw new RangeError('it is too short')
  const footer = readPlace(file, { offset: size - footerBytes, length: footerBytes })
  if (!footer.subarray(20).equals(blockMagic)) throw new RangeError('it does not end as a block does')
  const version = footer.readUInt32LE(0)
  if (version !== blockVersion)
    throw new RangeError(`it is of version ${version}, and this is ${blockVersion}`)
  const place = { offset: footer.readDoubleLE(4), length: footer.readDoubleLE(12) }
  const isThere = place.offset >= blockMagic.length && place.length > 0
  if (!isThere || place.offset + place.length !== size - footerBytes)
    throw new RangeError('its index is not where it should be')
  return readIndex(openPart(readPlace(file, place)), blockMagic.length, heed)
}

function readPlace(file: number, { offset, length }: Place): Buffer {
  const bytes = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const more = readSync(file, bytes, read, length - read, offset + read)
    if (more === 0) throw new RangeError('it ends too early')
    read += more
  }
  return bytes
}

function broken(path: string, thrown: unknown): unknown {
  if (thrown instanceof RangeError) return new BrokenBlock(path, thrown.message, { cause: thrown })
  // What zstd says of bytes that it has not made.
  if (thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ZSTD_'))
    return new BrokenBlock(path, thrown.message, { cause: thrown })
  return thrown
}
