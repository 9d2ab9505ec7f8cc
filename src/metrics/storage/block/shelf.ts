import { closeSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Labels } from '../../labels.ts'
import type { Span } from '../window.ts'
import type { Count } from './count.ts'
import { PartCache } from './part-cache.ts'
import { Block } from './read-block.ts'
import type { Opening } from './series-file.ts'

/** More are not open at a time. */
const mostOpen = 48

/** A block by its times, both included, and when it was written, counted; opened when it is asked for. */
export type Shelved = Span & Readonly<{ path: string; nth: number; bytes: number }>

/** Gives series that are not known a number. */
type NumberOf = (labels: Labels) => number

/** What a shelf needs of a file that is open. */
type Openable = Readonly<{ file: number; numbers: () => Iterable<number>; close: () => void }>

/** What stands on a shelf: in which folder, called how, and where files go that cannot be read. */
export type Kept<Opened extends Openable> = Readonly<{
  folder: string
  name: string
  broken: string
  /** How much of it may be unpacked at a time. */
  cacheBytes: number
  open: (path: string, opening: Opening) => Opened
}>

/** The blocks of a store that has this folder. */
export function blocksIn(folder: string): Kept<Block> {
  const open: Kept<Block>['open'] = (path, opening) => new Block(path, opening)
  return {
    folder: join(folder, 'blocks'),
    name: 'block',
    broken: join(folder, 'broken'),
    cacheBytes: 12 * 2 ** 20,
    open,
  }
}

/** The blocks of a folder, in the order in which they were written. Their times may overlap where samples came late. */
export class Shelf<Opened extends Openable = Block> {
  readonly #folder: string
  readonly #kept: Kept<Opened>
  readonly #called: RegExp
  readonly #cache: PartCache
  readonly #numberOf: NumberOf
  /** The longest unasked first. */
  readonly #open = new Map<string, Opened>()
  /** Files of blocks that were put away, closed when nobody reads them any more. */
  readonly #lingering = new Set<number>()
  readonly #unread = new FinalizationRegistry<number>((file) => {
    if (this.#lingering.delete(file)) closeSync(file)
  })
  #blocks: readonly Shelved[] = []
  readonly #count: Count

  constructor(kept: Kept<Opened>, numberOf: NumberOf, count: Count) {
    const { folder, name: called } = kept
    this.#folder = folder
    this.#kept = kept
    this.#cache = new PartCache(kept.cacheBytes)
    this.#called = new RegExp(`^${called}-(\\d+)-(\\d+)-(\\d+)$`)
    this.#numberOf = numberOf
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // What was being written when somebody died.
    for (const name of readdirSync(folder)) if (name.endsWith('.new')) rmSync(join(folder, name))
    this.#blocks = this.#look()
    this.#count = count
    for (const { nth } of this.#blocks) count.heed(nth)
  }

  get blocks(): readonly Shelved[] {
    return this.#blocks
  }

  get newestMs(): number {
    return this.#blocks.reduce((newest, { toMs }) => Math.max(newest, toMs), -Infinity)
  }

  /** Where the next block is to be written, which is of these times at most. */
  nextPath({ fromMs, toMs }: Span): string {
    return join(this.#folder, `${this.#kept.name}-${fromMs}-${toMs}-${this.#count.next()}`)
  }

  /** Takes in what was written meanwhile. */
  refresh(): void {
    this.#blocks = this.#look()
  }

  /** Throws a BrokenBlock. */
  open({ path }: Shelved): Opened {
    const known = this.#open.get(path)
    const block = known ?? this.#kept.open(path, { cache: this.#cache, numberOf: this.#numberOf })
    this.#open.delete(path)
    this.#open.set(path, block)
    const [oldest] = this.#open.keys()
    if (this.#open.size > mostOpen && oldest !== undefined) this.#putAway(oldest)
    return block
  }

  /** The series of the blocks that are open. */
  *numbers(): Iterable<number> {
    for (const block of this.#open.values()) yield* block.numbers()
  }

  remove(removed: readonly Shelved[]): void {
    for (const { path } of removed) {
      this.#putAway(path)
      rmSync(path, { force: true })
    }
    this.#blocks = this.#blocks.filter((one) => !removed.includes(one))
  }

  /** Moves a block that cannot be read out of the way, and gives back where it is now. */
  setAside(shelved: Shelved): string {
    const folder = this.#kept.broken
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, basename(shelved.path))
    this.#putAway(shelved.path)
    renameSync(shelved.path, path)
    this.#blocks = this.#blocks.filter((one) => one !== shelved)
    return path
  }

  close(): void {
    for (const block of this.#open.values()) block.close()
    for (const file of this.#lingering) closeSync(file)
    this.#open.clear()
    this.#lingering.clear()
  }

  #putAway(path: string): void {
    const block = this.#open.get(path)
    if (block === undefined) return
    this.#open.delete(path)
    this.#lingering.add(block.file)
    this.#unread.register(block, block.file)
  }

  /** Blocks that were known stay the same objects. */
  #look(): readonly Shelved[] {
    const known = new Map(this.#blocks.map((one) => [one.path, one]))
    return readdirSync(this.#folder)
      .flatMap((name) => {
        const [, from, to, nth] = this.#called.exec(name) ?? []
        if (from === undefined) return []
        const path = join(this.#folder, name)
        const there = known.get(path)
        if (there !== undefined) return [there]
        return [
          { path, fromMs: Number(from), toMs: Number(to), nth: Number(nth), bytes: statSync(path).size },
        ]
      })
      .toSorted((a, b) => a.nth - b.nth)
  }
}
