import { closeSync, fstatSync, openSync } from 'node:fs'
import type { Labels } from '../../labels.ts'
import { readAt } from '../../segments/read-at.ts'
import { type BlockIndex, readIndex } from './block-index.ts'
import { footerBytes } from './build-block.ts'
import type { PartCache, Unpacked } from './part-cache.ts'
import { Places } from './places.ts'
import { openPart, type Place } from './parts.ts'
import type { Shape } from './shape.ts'

/** A file that is no block, or not any more: what is wrong with it. */
export class BrokenBlock extends Error {
  constructor(path: string, why: string, options?: ErrorOptions) {
    super(`${path} cannot be read: ${why}`, options)
    this.name = 'BrokenBlock'
  }
}

/** How a file is opened: unpacked parts are kept in the cache, and series that are not known get a number. */
export type Opening = Readonly<{ cache: PartCache; numberOf: (labels: Labels) => number }>

/** A file of series that is open. Where they are is in memory; what they are is read when somebody asks. */
export class SeriesFile {
  readonly path: string
  readonly index: BlockIndex
  /** The file that is open. */
  readonly file: number
  readonly #cache: PartCache
  readonly #unpacked: Unpacked = []
  /** The place of each series in the index, by the number that all files and the memory have in common. */
  readonly #places: Places

  /** Throws a BrokenBlock when there is none of this shape at the path. */
  constructor(path: string, shape: Pick<Shape<never>, 'magic' | 'version'>, { cache, numberOf }: Opening) {
    this.path = path
    this.#cache = cache
    this.file = openSync(path, 'r')
    try {
      const numbers: number[] = []
      this.index = readWhole(this.file, shape, (labels) => numbers.push(numberOf(labels)))
      this.#places = new Places(Int32Array.from(numbers))
    } catch (thrown) {
      closeSync(this.file)
      throw broken(path, thrown)
    }
  }

  numbers(): Iterable<number> {
    return this.#places.numbers()
  }

  /** Where a series lies among those of the file; -1 for one that is not there. */
  placeOf(number: number): number {
    return this.#places.of(number)
  }

  /** Reads something of it; what is wrong with the file is thrown as a BrokenBlock. */
  reading<T>(work: () => T): T {
    try {
      return work()
    } catch (thrown) {
      throw broken(this.path, thrown)
    }
  }

  /** What was packed together; throws what `reading` understands. */
  part(number: number): Uint8Array {
    const known = this.#unpacked[number]
    if (known !== undefined) return known
    const place = this.index.parts[number]
    if (place === undefined) throw new RangeError(`a part that is not there: ${number}`)
    const part = openPart(readPlace(this.file, place))
    this.#cache.keep(this.#unpacked, number, part)
    return part
  }

  close(): void {
    closeSync(this.file)
  }
}

function readWhole(
  file: number,
  { magic, version: known }: Pick<Shape<never>, 'magic' | 'version'>,
  heed: (labels: Labels) => void,
): BlockIndex {
  const { size } = fstatSync(file)
  if (size < magic.length + footerBytes) throw new RangeError('it is too short')
  const footer = readPlace(file, { offset: size - footerBytes, length: footerBytes })
  if (!footer.subarray(20).equals(magic)) throw new RangeError('it does not end as a block does')
  const version = footer.readUInt32LE(0)
  if (version !== known) throw new RangeError(`it is of version ${version}, and this is ${known}`)
  const place = { offset: footer.readDoubleLE(4), length: footer.readDoubleLE(12) }
  const isThere = place.offset >= magic.length && place.length > 0
  if (!isThere || place.offset + place.length !== size - footerBytes)
    throw new RangeError('its index is not where it should be')
  return readIndex(openPart(readPlace(file, place)), magic.length, heed)
}

function readPlace(file: number, { offset, length }: Place): Buffer {
  const bytes = readAt(file, offset, length)
  if (bytes.length < length) throw new RangeError('it ends too early')
  return bytes
}

function broken(path: string, thrown: unknown): unknown {
  if (thrown instanceof RangeError) return new BrokenBlock(path, thrown.message, { cause: thrown })
  // What zstd says of bytes that it has not made.
  if (thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ZSTD_'))
    return new BrokenBlock(path, thrown.message, { cause: thrown })
  return thrown
}
